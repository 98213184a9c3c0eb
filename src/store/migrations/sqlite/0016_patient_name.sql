-- Patients are found by the number they call from: as it is dialled, it is one more of their words.
INSERT INTO patient_name (part, patient)
WITH written (number, patient) AS (
    SELECT
        replace(replace(replace(replace(replace(replace(mobile, '(0)', ''), '(', ''), ')', ''), '/', ''), '-', ''), ' ', ''),
        id
    FROM patient
    WHERE mobile IS NOT NULL
),
dialled (number, patient) AS (
    SELECT
        CASE
            WHEN number LIKE '+460%' THEN substr(number, 4)
            WHEN number LIKE '+46%' THEN '0' || substr(number, 4)
            WHEN number LIKE '00460%' THEN substr(number, 5)
            WHEN number LIKE '0046%' THEN '0' || substr(number, 5)
            WHEN number LIKE '+%' THEN '00' || substr(number, 2)
            ELSE number
        END,
        patient
    FROM written
)
SELECT number, patient
FROM dialled
WHERE
    number NOT GLOB '*[^0-9]*' AND length(number) BETWEEN 7 AND 17
    AND NOT EXISTS (
        SELECT 1 FROM patient_name AS kept WHERE kept.part = dialled.number AND kept.patient = dialled.patient
    );

-- And they are found without the accents that Swedish does not count: the words of names get a spelling
-- without them. A name with rarer letters than these gets it when the patient is next changed.
INSERT INTO patient_name (part, patient)
WITH RECURSIVE letters (written, plain) AS (
    SELECT
        'àáâãçèéêëìíîïñòóôõùúûüýÿāăąćĉċčďēĕėęěĝğġģĥĩīĭįĵķĺļľńņňōŏőŕŗřśŝşšţťũūŭůűųŵŷźżžơưǎǐǒǔǖǘǚǜǟǡǧ' ||
        'ǩǫǭǰǵǹǻȁȃȅȇȉȋȍȏȑȓȕȗșțȟȧȩȫȭȯȱȳḁḃḅḇḉḋḍḏḑḓḕḗḙḛḝḟḡḣḥḧḩḫḭḯḱḳḵḷḹḻḽḿṁṃṅṇṉṋṍṏṑṓṕṗṙṛṝṟṡṣṥṧṩṫṭṯṱṳṵṷṹ' ||
        'ṻṽṿẁẃẅẇẉẋẍẏẑẓẕẖẗẘẙạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹđðħıłŧøæ',
        'aaaaceeeeiiiinoooouuuuyyaaaccccdeeeeegggghiiiijklllnnnooorrrssssttuuuuuuwyzzzouaiouuuuuaag' ||
        'koojgnaaaeeiioorruusthaeooooyabbbcdddddeeeeefghhhhhiikkkllllmmmnnnnoooopprrrrsssssttttuuuu' ||
        'uvvwwwwwxxyzzzhtwyaaaaaaaaaaaaeeeeeeeeiioooooooooooouuuuuuuyyyyddhiltöä'
),
spelled (nth, part, patient, spelling) AS (
    SELECT 1, part, patient, '' FROM patient_name WHERE part GLOB '*[^ -~åäö]*'
    UNION ALL
    SELECT
        nth + 1,
        part,
        patient,
        spelling || CASE instr(written, substr(part, nth, 1))
            WHEN 0 THEN substr(part, nth, 1)
            ELSE substr(plain, instr(written, substr(part, nth, 1)), 1)
        END
    FROM spelled
    JOIN letters ON nth <= length(part)
)
SELECT DISTINCT spelling, patient
FROM spelled
WHERE
    nth > length(part)
    AND NOT EXISTS (
        SELECT 1 FROM patient_name AS kept WHERE kept.part = spelling AND kept.patient = spelled.patient
    );
