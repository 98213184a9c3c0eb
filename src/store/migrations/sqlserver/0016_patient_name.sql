-- Patients are found without the accents that Swedish does not count: the words of names get a spelling
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
