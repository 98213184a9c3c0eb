//! What is asked of a database: statements, and how their answers are read. Questions that are put
//! together go in one request, however many they are.

use std::borrow::Cow;

use super::error::StoreError;
use super::value::{Columns, Row, Statement, Value};

type Read<T> = Box<dyn FnOnce(&mut Answers) -> Result<T, StoreError> + Send>;

/// A question with an answer of type `T`.
pub(crate) struct Question<T> {
    statements: Vec<Statement>,
    read: Read<T>,
}

impl<T: 'static> Question<T> {
    /// One SELECT; `read` makes the answer of its rows.
    pub(crate) fn new(
        sql: impl Into<Cow<'static, str>>,
        parameters: Vec<Value>,
        read: impl FnOnce(Vec<Row>) -> Result<T, StoreError> + Send + 'static,
    ) -> Self {
        let statements = vec![Statement { sql: sql.into(), parameters }];
        Self { statements, read: Box::new(|answers| read(answers.next()?)) }
    }

    /// Both at once.
    pub(crate) fn and<U: 'static>(mut self, other: Question<U>) -> Question<(T, U)> {
        self.statements.extend(other.statements);
        let (this, that) = (self.read, other.read);
        let read = |answers: &mut Answers| Ok((this(answers)?, that(answers)?));
        Question { statements: self.statements, read: Box::new(read) }
    }

    /// The same question, its answer made into something else.
    pub(crate) fn map<U: 'static>(
        self,
        make: impl FnOnce(T) -> Result<U, StoreError> + Send + 'static,
    ) -> Question<U> {
        let read = self.read;
        Question {
            statements: self.statements,
            read: Box::new(|answers| read(answers).and_then(make)),
        }
    }

    /// What is sent, and what reads what comes back.
    pub(super) fn into_parts(self) -> (Vec<Statement>, Read<T>) {
        (self.statements, self.read)
    }
}

impl<T: 'static> Question<Vec<T>> {
    /// One SELECT, every row read alike; `table` is named where a value makes no sense.
    pub(crate) fn rows(
        sql: impl Into<Cow<'static, str>>,
        parameters: Vec<Value>,
        table: &'static str,
        read: impl Fn(&mut Columns) -> Result<T, StoreError> + Send + 'static,
    ) -> Self {
        Self::new(sql, parameters, move |rows| {
            rows.into_iter().map(|row| read(&mut row.columns(table))).collect()
        })
    }
}

impl Question<()> {
    /// Changes that are made before what is asked after them; nothing comes back.
    pub(super) fn changes(statements: Vec<Statement>) -> Self {
        Self { statements, read: Box::new(|_| Ok(())) }
    }
}

/// The rows of each SELECT of a request, in order.
pub(super) struct Answers(std::vec::IntoIter<Vec<Row>>);

impl Answers {
    pub(super) fn new(sets: Vec<Vec<Row>>) -> Self {
        Self(sets.into_iter())
    }

    fn next(&mut self) -> Result<Vec<Row>, StoreError> {
        let message = || "fewer answers than questions".to_owned();
        self.0.next().ok_or_else(|| StoreError::Engine { code: 0, message: message() })
    }
}
