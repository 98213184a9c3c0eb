//! Template lists and preblock lists: reading and writing them. Only the tables' names differ.

use std::collections::BTreeMap;

use crate::domain::{Changed, List, ListOwner, PreblockList, TemplateList};
use crate::store::error::StoreError;
use crate::store::question::Question;
use crate::store::session::Session;
use crate::store::value::{Columns, Value, values};

/// Where the lists of a kind are kept.
pub(crate) trait Kept {
    const LISTS: &'static str;
    const ITEMS: &'static str;
}

impl Kept for TemplateList {
    const LISTS: &'static str = "template_list";
    const ITEMS: &'static str = "template_list_item";
}

impl Kept for PreblockList {
    const LISTS: &'static str = "preblock_list";
    const ITEMS: &'static str = "preblock_list_item";
}

/// Every list of a kind.
pub(super) fn lists<L, T>() -> Question<Vec<List<L, T>>>
where
    List<L, T>: Kept + 'static,
    L: for<'a> From<&'a str>,
    T: for<'a> From<&'a str>,
{
    let (lists, items) = (<List<L, T> as Kept>::LISTS, <List<L, T> as Kept>::ITEMS);
    let sql = format!("SELECT list, place, item FROM {items}");
    let read = |row: &mut Columns| Ok((row.text()?, row.number()?, row.text()?));
    let items: Question<Vec<(String, i64, String)>> = Question::rows(sql, values![], items, read);
    let sql = format!("SELECT id, name, owner_kind, owner_id FROM {lists}");
    let read = |row: &mut Columns| Ok((row.text()?, row.text()?, row.list_owner()?));
    let heads: Question<Vec<(String, String, ListOwner)>> =
        Question::rows(sql, values![], lists, read);
    items.and(heads).map(|(items, heads)| {
        let mut by_list: BTreeMap<String, BTreeMap<i64, String>> = BTreeMap::new();
        for (list, place, item) in items {
            by_list.entry(list).or_default().insert(place, item);
        }
        let list = |(id, name, owner): (String, String, ListOwner)| {
            let items = by_list.remove(&id).unwrap_or_default().into_values();
            let items = items.map(|item| T::from(item.as_str())).collect();
            List { id: L::from(id.as_str()), name, owner, items }
        };
        Ok(heads.into_iter().map(list).collect())
    })
}

/// Of a list, without its items.
fn columns(id: Value, name: &str, owner: &ListOwner) -> Vec<Value> {
    let (kind, owner) = match owner {
        ListOwner::All => ("all", Value::Null),
        ListOwner::Organisation(id) => ("organisation", id.into()),
        ListOwner::Company(id) => ("company", id.into()),
        ListOwner::Practitioner(id) => ("practitioner", id.into()),
    };
    vec![id, name.into(), kind.into(), owner]
}

impl Session {
    pub(crate) async fn insert_list<L, T>(&mut self, list: &List<L, T>) -> Result<(), StoreError>
    where
        List<L, T>: Kept,
        for<'a> Value: From<&'a L> + From<&'a T>,
    {
        let table = <List<L, T> as Kept>::LISTS;
        self.execute(
            format!(
                "INSERT INTO {table} (id, name, owner_kind, owner_id) VALUES (@P1, @P2, @P3, @P4)"
            ),
            columns((&list.id).into(), &list.name, &list.owner),
        )
        .await?;
        self.insert_items(list).await
    }

    async fn insert_items<L, T>(&mut self, list: &List<L, T>) -> Result<(), StoreError>
    where
        List<L, T>: Kept,
        for<'a> Value: From<&'a L> + From<&'a T>,
    {
        let table = <List<L, T> as Kept>::ITEMS;
        for (place, item) in (0i64..).zip(&list.items) {
            let sql = format!("INSERT INTO {table} (list, place, item) VALUES (@P1, @P2, @P3)");
            self.execute(sql, values![&list.id, place, item]).await?;
        }
        Ok(())
    }

    pub(super) async fn write_list<L, T>(
        &mut self,
        change: &Changed<List<L, T>>,
    ) -> Result<(), StoreError>
    where
        List<L, T>: Kept,
        for<'a> Value: From<&'a L> + From<&'a T>,
    {
        let table = <List<L, T> as Kept>::LISTS;
        if let Some(before) = change.before() {
            self.delete(<List<L, T> as Kept>::ITEMS, "list", (&before.id).into()).await?;
        }
        match change {
            Changed::Added(new) => self.insert_list(new).await,
            Changed::Altered { after, .. } => {
                let sql = format!(
                    "UPDATE {table} SET name = @P2, owner_kind = @P3, owner_id = @P4 WHERE id = @P1"
                );
                self.execute(sql, columns((&after.id).into(), &after.name, &after.owner)).await?;
                self.insert_items(after).await
            }
            Changed::Removed(old) => self.delete(table, "id", (&old.id).into()).await,
        }
    }
}
