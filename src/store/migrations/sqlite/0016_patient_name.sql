-- Patients are found without the accents that Swedish does not count: the words of names get a spelling
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
spelled (nth, part, patient) AS (
    SELECT 1, part, patient FROM patient_name WHERE part GLOB '*[^ -~åäö]*'
    UNION ALL
    SELECT nth + 1, replace(part, substr(written, nth, 1), substr(plain, nth, 1)), patient
    FROM spelled
    JOIN letters ON nth <= length(written)
)
SELECT DISTINCT part, patient
FROM spelled
JOIN letters ON nth > length(written)
WHERE NOT EXISTS (
    SELECT 1 FROM patient_name AS kept WHERE kept.part = spelled.part AND kept.patient = spelled.patient
);
