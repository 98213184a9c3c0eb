//! Reading patients and users. Messages never repeat what they hold.

use std::collections::BTreeSet;

use super::checks::Kind;
use super::fields::Fields;
use super::json::Json;
use super::parse::Reader;
use super::scalars;
use crate::domain::{
    IdentityProtection, Patient, PatientId, Permission, Personnummer, Recall, Signature,
    TemplateId, User, is_reserved_signature,
};

const DEFAULT_RECALL_MONTHS: u32 = 12;

pub(super) fn patient<'f>(
    reader: &mut Reader<'f>,
    fields: &mut Fields<'_, 'f>,
) -> Option<(PatientId, Patient)> {
    let id: Option<PatientId> = reader.own_id(fields, "id", Kind::Patient);
    let personnummer = personnummer(reader, fields);
    let first_name = fields.required("first_name", scalars::text);
    let last_name = fields.required("last_name", scalars::text);
    let email = fields.nullable("email", scalars::text);
    let mobile = fields.nullable("mobile", scalars::text);
    let address = fields.nullable("address", scalars::text);
    let protected = fields.or("protected", false, scalars::flag);
    let months = fields.or("recall_months", DEFAULT_RECALL_MONTHS, scalars::count);
    let date = fields.nullable("recall_date", scalars::date);
    let template = fields.nullable("recall_template", scalars::text_of);
    if let Some(Some(template)) = template {
        reader.checks.recall(template, fields.path_of("recall_template"));
    }
    let id = id?;
    let patient = Patient {
        id: id.clone(),
        personnummer: personnummer?,
        first_name: first_name?,
        last_name: last_name?,
        email: email?,
        mobile: mobile?,
        address: address?,
        protection: match protected? {
            true => IdentityProtection::Protected,
            false => IdentityProtection::None,
        },
        recall: Recall { months: months?, date: date?, template: template?.map(TemplateId::from) },
    };
    Some((id, patient))
}

fn personnummer<'f>(
    reader: &mut Reader<'f>,
    fields: &mut Fields<'_, 'f>,
) -> Option<Option<Personnummer>> {
    let today = reader.today;
    let number = fields.nullable("personnummer", |json| {
        Personnummer::parse(scalars::text_of(json)?, today).map_err(|bad| format!("{bad} (R21)"))
    })?;
    if let Some(number) = &number {
        let path = fields.path_of("personnummer");
        reader.checks.number(number, path, fields.path(), reader.faults);
    }
    Some(number)
}

pub(super) fn user<'f>(
    reader: &mut Reader<'f>,
    fields: &mut Fields<'_, 'f>,
) -> Option<(Signature, User)> {
    let signature: Option<Signature> = reader.own_id(fields, "signature", Kind::User);
    if signature.as_ref().is_some_and(|signature| is_reserved_signature(signature.as_str())) {
        fields.fault("signature", "is reserved: no user may have it");
    }
    let name = fields.required("name", scalars::text);
    let permissions = permissions(reader, fields);
    let os_account = fields.nullable("os_account", scalars::text);
    let password_hash = fields.nullable("password_hash", scalars::text);
    let active = fields.or("active", true, scalars::flag);
    let signature = signature?;
    let user = User {
        signature: signature.clone(),
        name: name?,
        permissions: permissions?,
        os_account: os_account?,
        password_hash: password_hash?,
        active: active?,
    };
    Some((signature, user))
}

/// `null` for the default set, or an array of permissions.
fn permissions(
    reader: &Reader<'_>,
    fields: &mut Fields<'_, '_>,
) -> Option<Option<BTreeSet<Permission>>> {
    let keys = fields.nullable("permissions", |json| match json {
        Json::Array(keys) => Ok(keys),
        _ => Err(format!("must be an array or null, not {}", json.kind())),
    })?;
    let Some(keys) = keys else { return Some(None) };
    let mut own = BTreeSet::new();
    for (index, json) in keys.iter().enumerate() {
        let path = format!("{}[{index}]", fields.path_of("permissions"));
        match scalars::text_of(json).map(Permission::from_key) {
            Ok(Some(permission)) if own.insert(permission) => {}
            Ok(Some(_)) => reader.faults.add(path, "stands twice in the list"),
            Ok(None) => reader.faults.add(path, "is no permission"),
            Err(message) => reader.faults.add(path, message),
        }
    }
    Some(Some(own))
}
