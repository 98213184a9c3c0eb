-- Patients are found by the number they call from: as it is dialled, it is one more of their words.
WITH written (number, patient) AS (
    SELECT
        LEFT(
            REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(mobile, '(0)', ''), '(', ''), ')', ''), '/', ''), '-', ''), ' ', ''),
            400
        ),
        id
    FROM tidbok.patient
    WHERE mobile IS NOT NULL
),
dialled (number, patient) AS (
    SELECT
        CASE
            WHEN LEFT(number, 4) = '+460' THEN SUBSTRING(number, 4, 400)
            WHEN LEFT(number, 3) = '+46' THEN CONCAT('0', SUBSTRING(number, 4, 400))
            WHEN LEFT(number, 5) = '00460' THEN SUBSTRING(number, 5, 400)
            WHEN LEFT(number, 4) = '0046' THEN CONCAT('0', SUBSTRING(number, 5, 400))
            WHEN LEFT(number, 1) = '+' THEN CONCAT('00', SUBSTRING(number, 2, 400))
            ELSE number
        END,
        patient
    FROM written
)
INSERT INTO tidbok.patient_name (part, patient)
SELECT number, patient
FROM dialled
WHERE
    LEN(number) BETWEEN 7 AND 17
    AND REPLACE(TRANSLATE(number, '123456789', '000000000'), '0', '') = ''
    AND NOT EXISTS (
        SELECT 1 FROM tidbok.patient_name AS kept
        WHERE kept.part = dialled.number AND kept.patient = dialled.patient
    );

-- And they are found without the accents that Swedish does not count: the words of names get a spelling
-- without them. A name with rarer letters than these gets it when the patient is next changed.
DECLARE @written NVARCHAR(400) =
    N'àáâãçèéêëìíîïñòóôõùúûüýÿāăąćĉċčďēĕėęěĝğġģĥĩīĭįĵķĺļľńņňōŏőŕŗřśŝşšţťũūŭůűųŵŷźżžơưǎǐǒǔǖǘǚǜǟǡǧ' +
    N'ǩǫǭǰǵǹǻȁȃȅȇȉȋȍȏȑȓȕȗșțȟȧȩȫȭȯȱȳḁḃḅḇḉḋḍḏḑḓḕḗḙḛḝḟḡḣḥḧḩḫḭḯḱḳḵḷḹḻḽḿṁṃṅṇṉṋṍṏṑṓṕṗṙṛṝṟṡṣṥṧṩṫṭṯṱṳṵṷṹ' +
    N'ṻṽṿẁẃẅẇẉẋẍẏẑẓẕẖẗẘẙạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹđðħıłŧøæ';
DECLARE @plain NVARCHAR(400) =
    N'aaaaceeeeiiiinoooouuuuyyaaaccccdeeeeegggghiiiijklllnnnooorrrssssttuuuuuuwyzzzouaiouuuuuaag' +
    N'koojgnaaaeeiioorruusthaeooooyabbbcdddddeeeeefghhhhhiikkkllllmmmnnnnoooopprrrrsssssttttuuuu' +
    N'uvvwwwwwxxyzzzhtwyaaaaaaaaaaaaeeeeeeeeiioooooooooooouuuuuuuyyyyddhiltöä';
INSERT INTO tidbok.patient_name (part, patient)
SELECT DISTINCT spelled.part, spelled.patient
FROM (
    SELECT TRANSLATE(part, @written, @plain) AS part, patient FROM tidbok.patient_name
) AS spelled
WHERE NOT EXISTS (
    SELECT 1 FROM tidbok.patient_name AS kept WHERE kept.part = spelled.part AND kept.patient = spelled.patient
);
