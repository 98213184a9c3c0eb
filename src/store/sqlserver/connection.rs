//! One connection: how it is opened and set, and how requests run on it. Only a connection's own task
//! calls this: a request that is dropped midway would leave it unusable.

use std::fs;
use std::future::Future;
use std::time::Duration;

use futures_util::TryStreamExt;
use tiberius::{
    AuthMethod, Client, Config, EncryptionLevel, IsolationLevel, Query, QueryItem, SqlBrowser,
};
use tokio::net::TcpStream;
use tokio_util::compat::{Compat, TokioAsyncWriteCompatExt};

use super::{dialect, explain, values};
use crate::store::error::StoreError;
use crate::store::location::{Encryption, Instance, LogIn, ServerLocation, Trust};
use crate::store::server_error::ServerError;
use crate::store::value::{Row, Statement, Value};

/// How long finding the server may take, and then signing in.
const CONNECTING: Duration = Duration::from_secs(5);
const SIGNING_IN: Duration = Duration::from_secs(10);

/// How long the server may be silent in the middle of an answer.
const SILENCE: Duration = Duration::from_secs(20);

/// The most parameters of one request: the server takes 2,100, the statement itself and the list of
/// its parameters among them.
const PARAMETERS: usize = Query::MAX_PARAMETERS - 2;

/// How long a whole request may take, and one that alters the schema of a large database.
const REQUEST: Duration = Duration::from_secs(300);
const LONG_REQUEST: Duration = Duration::from_secs(4 * 3600);

/// What a server is told on every new connection: standard behaviour, whatever the login's defaults
/// are; every change says how many rows it was; an error ends the whole transaction; a lock is waited
/// for as long as a file's.
const SETTINGS: &str = "SET ANSI_NULLS, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, \
    ANSI_NULL_DFLT_ON, \
    CONCAT_NULL_YIELDS_NULL, QUOTED_IDENTIFIER ON; SET NUMERIC_ROUNDABORT OFF; \
    SET NOCOUNT OFF; SET XACT_ABORT ON; SET LOCK_TIMEOUT 10000;";

/// How a reading of several statements sees the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reads {
    /// As it was at one moment.
    Snapshot,
    /// The database does not allow snapshots: as it is at each statement.
    Committed,
}

/// Where connections lead and what is known of it.
#[derive(Clone)]
pub(super) struct Target {
    pub(super) location: ServerLocation,
    pub(super) reads: Reads,
}

impl Target {
    pub(super) fn new(location: ServerLocation) -> Self {
        Self { location, reads: Reads::Committed }
    }

    pub(super) fn reading(self, reads: Reads) -> Self {
        Self { reads, ..self }
    }

    /// What the driver is told.
    fn config(&self, silence: Option<Duration>) -> Result<Config, StoreError> {
        let location = &self.location;
        let mut config = Config::new();
        config.host(&location.host);
        match &location.instance {
            Instance::Port(port) => config.port(*port),
            Instance::Named(name) => config.instance_name(name),
        }
        config.database(&location.database);
        config.application_name("tidbok");
        config.multi_subnet_failover(true);
        config.handshake_timeout(Some(SIGNING_IN));
        config.command_timeout(silence);
        config.encryption(match location.encryption {
            Encryption::Strict => EncryptionLevel::Strict,
            Encryption::On => EncryptionLevel::Required,
            Encryption::Off => EncryptionLevel::Off,
        });
        match &location.trust {
            Trust::Machine => {}
            Trust::Anyone => config.trust_cert(),
            Trust::Also(path) => {
                let bundle = fs::read(path).map_err(|error| ServerError::Authorities {
                    path: path.clone(),
                    detail: error.kind().to_string(),
                })?;
                config.trust_cert_ca_bundle(bundle);
            }
        }
        config.authentication(self.authentication()?);
        Ok(config)
    }

    fn authentication(&self) -> Result<AuthMethod, StoreError> {
        match &self.location.log_in {
            LogIn::Sql { user, password } => match password.get() {
                Some(password) => Ok(AuthMethod::sql_server(user, password)),
                None => Err(ServerError::NoPassword { user: user.clone() }.into()),
            },
            #[cfg(windows)]
            LogIn::Windows => Ok(AuthMethod::Integrated),
            #[cfg(not(windows))]
            LogIn::Windows => {
                Err(ServerError::NoWindowsLogIn { server: self.location.server() }.into())
            }
        }
    }
}

/// What a transaction sees of others'.
#[derive(Clone, Copy)]
pub(super) enum Isolation {
    ReadCommitted,
    Snapshot,
}

pub(super) struct Connection {
    client: Client<Compat<TcpStream>>,
    schema: String,
}

impl Connection {
    /// Connects, signs in and sets what every connection has set.
    pub(super) async fn open(target: &Target) -> Result<Self, StoreError> {
        Self::open_for(target, Some(SILENCE)).await
    }

    /// The same, for statements during which the server may be silent for long.
    pub(super) async fn open_patiently(target: &Target) -> Result<Self, StoreError> {
        Self::open_for(target, None).await
    }

    async fn open_for(target: &Target, silence: Option<Duration>) -> Result<Self, StoreError> {
        let config = target.config(silence)?;
        let location = &target.location;
        let mut client = match connect(&config).await {
            // A server behind another name, as in the cloud: it says where it really is.
            Err(tiberius::error::Error::Routing { host, port }) => {
                let mut config = config;
                config.host(host);
                config.port(port);
                connect(&config).await
            }
            connected => connected,
        }
        .map_err(|error| explain::connecting(&error, location))?;
        let set = async { client.simple_query(SETTINGS).await?.into_results().await };
        set.await.map_err(|error| explain::connecting(&error, location))?;
        Ok(Self { client, schema: location.schema.clone() })
    }

    /// Whether the database lets a reading be one snapshot.
    pub(super) async fn reads(&mut self) -> Result<Reads, StoreError> {
        let sql = "SELECT snapshot_isolation_state FROM sys.databases WHERE database_id = DB_ID()";
        let statement = Statement { sql: sql.into(), parameters: Vec::new() };
        let state = match self.query(&statement).await?.pop() {
            Some(row) => row.columns("sys.databases").optional_number::<i64>()?,
            None => None,
        };
        Ok(if state == Some(1) { Reads::Snapshot } else { Reads::Committed })
    }

    pub(super) async fn begin(&mut self, isolation: Isolation) -> Result<(), StoreError> {
        let level = match isolation {
            Isolation::ReadCommitted => IsolationLevel::ReadCommitted,
            Isolation::Snapshot => IsolationLevel::Snapshot,
        };
        within(REQUEST, self.client.begin_transaction_with_isolation(level)).await
    }

    pub(super) async fn commit(&mut self) -> Result<(), StoreError> {
        within(REQUEST, self.client.commit_transaction()).await
    }

    pub(super) async fn roll_back(&mut self) -> Result<(), StoreError> {
        within(REQUEST, self.client.rollback_transaction()).await
    }

    /// All rows of a query.
    pub(super) async fn query(&mut self, statement: &Statement) -> Result<Vec<Row>, StoreError> {
        let sets = self.query_all(std::slice::from_ref(statement)).await?;
        Ok(sets.into_iter().next().unwrap_or_default())
    }

    /// The rows of each SELECT, in one request, or as few as the server takes.
    pub(super) async fn query_all(
        &mut self,
        statements: &[Statement],
    ) -> Result<Vec<Vec<Row>>, StoreError> {
        let mut sets = Vec::new();
        for request in requests(statements) {
            sets.extend(self.query_request(request).await?);
        }
        Ok(sets)
    }

    async fn query_request(
        &mut self,
        statements: &[Statement],
    ) -> Result<Vec<Vec<Row>>, StoreError> {
        let query = self.prepared(statements)?;
        let answer = async {
            let mut sets: Vec<Vec<tiberius::Row>> = Vec::new();
            let mut items = query.query(&mut self.client).await?;
            while let Some(item) = items.try_next().await? {
                match item {
                    QueryItem::Metadata(_) => sets.push(Vec::new()),
                    QueryItem::Row(row) => {
                        if let Some(set) = sets.last_mut() {
                            set.push(row);
                        }
                    }
                }
            }
            Ok(sets)
        };
        let sets = within(REQUEST, answer).await?.into_iter();
        sets.map(|rows| rows.into_iter().map(values::row).collect()).collect()
    }

    /// How many rows a statement changed.
    pub(super) async fn execute(&mut self, statement: &Statement) -> Result<u64, StoreError> {
        Ok(self.execute_all(std::slice::from_ref(statement)).await?.into_iter().sum())
    }

    /// How many rows each statement changed, in one request, or as few as the server takes.
    pub(super) async fn execute_all(
        &mut self,
        statements: &[Statement],
    ) -> Result<Vec<u64>, StoreError> {
        let mut counts = Vec::new();
        for request in requests(statements) {
            counts.extend(self.execute_request(request).await?);
        }
        Ok(counts)
    }

    async fn execute_request(&mut self, statements: &[Statement]) -> Result<Vec<u64>, StoreError> {
        let query = self.prepared(statements)?;
        let done = within(REQUEST, query.execute(&mut self.client)).await?;
        let counts = done.rows_affected();
        if counts.len() != statements.len() {
            let message = "the server did not say what each change did".to_owned();
            return Err(StoreError::Engine { code: 0, message });
        }
        Ok(counts.to_vec())
    }

    /// Several statements without parameters, as long as they take.
    pub(super) async fn batch(&mut self, sql: &str) -> Result<(), StoreError> {
        let done = async { self.client.simple_query(sql).await?.into_results().await };
        within(LONG_REQUEST, done).await.map(drop)
    }

    /// The statements as one, each with parameters of its own.
    fn prepared(&self, statements: &[Statement]) -> Result<Query<'static>, StoreError> {
        let mut sql = String::new();
        let mut values: Vec<&Value> = Vec::new();
        for Statement { sql: one, parameters } in statements {
            if !sql.is_empty() {
                sql.push_str(";\n");
            }
            sql.push_str(&dialect::translated(one, parameters, values.len(), &self.schema));
            values.extend(parameters);
        }
        if values.len() > PARAMETERS {
            let message = format!("more than {PARAMETERS} parameters at once");
            return Err(StoreError::Engine { code: 0, message });
        }
        let mut query = Query::new(sql);
        for value in values {
            values::bind(&mut query, value);
        }
        Ok(query)
    }

    /// Tells the server that this was all.
    pub(super) async fn close(self) {
        // Gone either way.
        let _ = self.client.close().await;
    }
}

/// The statements of each request, in order: as many as have no more parameters than one may have.
fn requests(statements: &[Statement]) -> Vec<&[Statement]> {
    let mut requests = Vec::new();
    let mut rest = statements;
    while !rest.is_empty() {
        let mut parameters = 0;
        let fitting = rest.iter().take_while(|statement| {
            parameters += statement.parameters.len();
            parameters <= PARAMETERS
        });
        // A statement that has too many by itself is refused when it is sent.
        let (request, later) = rest.split_at(fitting.count().max(1));
        requests.push(request);
        rest = later;
    }
    requests
}

async fn connect(config: &Config) -> tiberius::Result<Client<Compat<TcpStream>>> {
    let found = tokio::time::timeout(CONNECTING, TcpStream::connect_named(config)).await;
    let stream = found.map_err(|_| std::io::Error::from(std::io::ErrorKind::TimedOut))??;
    stream.set_nodelay(true)?;
    Client::connect(config.clone(), stream.compat_write()).await
}

/// A request that takes too long counts as lost: the connection is closed by whoever owns it.
async fn within<T>(
    longest: Duration,
    request: impl Future<Output = tiberius::Result<T>>,
) -> Result<T, StoreError> {
    match tokio::time::timeout(longest, request).await {
        Ok(answer) => answer.map_err(|error| explain::working(&error)),
        Err(_) => Err(StoreError::ConnectionLost),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_go_in_as_few_requests_as_take_their_parameters() {
        let statement = |parameters: usize| Statement {
            sql: "SELECT 1".into(),
            parameters: vec![Value::Null; parameters],
        };
        for (parameters, expected) in [
            (&[][..], &[][..]),
            (&[0, 0], &[2]),
            (&[2_098], &[1]),
            (&[1_000, 1_098], &[2]),
            (&[1_000, 1_099], &[1, 1]),
            (&[12; 200], &[174, 26]),
            // Refused when it is sent.
            (&[1, 2_099, 1], &[1, 1, 1]),
        ] {
            let statements: Vec<Statement> = parameters.iter().copied().map(statement).collect();
            let told: Vec<usize> = requests(&statements).iter().map(|it| it.len()).collect();
            assert_eq!(told, expected, "{parameters:?}");
        }
    }
}
