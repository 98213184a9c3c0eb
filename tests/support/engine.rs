//! The engine that a test runs on: SQLite, or the server that `TIDBOK_TEST_SQLSERVER` names (its
//! password in `TIDBOK_TEST_SQLSERVER_PASSWORD`), there in a schema of its own.

use std::cell::{Cell, RefCell};
use std::path::Path;

use tiberius::{AuthMethod, Client, Config};
use tidbok::store::{DatabaseLocation, DatabasePassword, Instance, LogIn, ServerLocation, Trust};
use tokio::net::TcpStream;
use tokio_util::compat::{Compat, TokioAsyncWriteCompatExt};
use uuid::Uuid;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Engine {
    Sqlite,
    Server,
}

thread_local! {
    static ENGINE: Cell<Engine> = const { Cell::new(Engine::Sqlite) };
    static LEFT: RefCell<Vec<ServerLocation>> = const { RefCell::new(Vec::new()) };
}

/// Runs a test as it is, on the server, and clears away after it: once its connections are gone.
pub fn on_server(test: fn()) {
    struct ClearAway;
    impl Drop for ClearAway {
        fn drop(&mut self) {
            let left = LEFT.take();
            let clearing = move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
                runtime.expect("a runtime").block_on(async {
                    for server in &left {
                        drop_schema(server).await;
                    }
                });
            };
            // On a thread of its own: a panic here, while the test's own unwinds, would end them all
            // and hide what the test says.
            let cleared = std::thread::spawn(clearing).join();
            if !std::thread::panicking() {
                cleared.expect("the test's schemas are cleared away");
            }
        }
    }
    let _clear = ClearAway;
    ENGINE.set(Engine::Server);
    test();
}

/// The tests once more, on the server; shown as ignored where none is named.
#[macro_export]
macro_rules! on_the_server_too {
    ($($test:ident),+ $(,)?) => {
        mod on_the_server {
            $(
                #[test]
                #[cfg_attr(not(tidbok_test_sqlserver), ignore = "TIDBOK_TEST_SQLSERVER names no server")]
                fn $test() {
                    $crate::support::engine::on_server(super::$test);
                }
            )+
        }
    };
}

/// A database of the test's own: in the folder, or a schema that is cleared away after the test.
pub fn database_in(folder: &Path) -> DatabaseLocation {
    if ENGINE.get() == Engine::Sqlite {
        return DatabaseLocation::Sqlite(folder.join("clinic.db"));
    }
    let server = server(&format!("t{}", Uuid::now_v7().simple()));
    LEFT.with_borrow_mut(|left| left.push(server.clone()));
    DatabaseLocation::SqlServer(Box::new(server))
}

/// A connection of the test's own, beside the store's.
pub async fn connected(server: &ServerLocation) -> Client<Compat<TcpStream>> {
    let mut config = Config::new();
    config.host(&server.host);
    if let Instance::Port(port) = server.instance {
        config.port(port);
    }
    config.database(&server.database);
    match &server.trust {
        Trust::Machine => {}
        Trust::Also(path) => config.trust_cert_ca(path.display()),
        Trust::Anyone => config.trust_cert(),
    }
    if let LogIn::Sql { user, .. } = &server.log_in {
        config.authentication(AuthMethod::sql_server(user, password()));
    }
    let stream = TcpStream::connect(config.get_addr()).await.expect("the server is there");
    Client::connect(config, stream.compat_write()).await.expect("the server lets the test in")
}

async fn drop_schema(server: &ServerLocation) {
    let mut client = connected(server).await;
    let schema = &server.schema;
    let tables =
        format!("SELECT TABLE_NAME FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = '{schema}'");
    let rows = client.simple_query(tables).await.expect("asks").into_first_result().await;
    let mut tables: Vec<String> =
        rows.expect("reads").iter().map(|row| row.get::<&str, _>(0).unwrap().to_owned()).collect();
    // What others refer to goes once they are gone.
    for _ in 0..tables.len() {
        let mut kept = Vec::new();
        for table in tables {
            let dropped = async {
                let sql = format!("DROP TABLE {schema}.{table}");
                client.simple_query(sql).await?.into_results().await
            };
            if dropped.await.is_err() {
                kept.push(table);
            }
        }
        tables = kept;
    }
    if let Ok(done) = client.simple_query(format!("DROP SCHEMA {schema}")).await {
        let _ = done.into_results().await;
    }
}

fn password() -> String {
    std::env::var("TIDBOK_TEST_SQLSERVER_PASSWORD").unwrap_or_default()
}

/// A schema of the server that the environment names.
pub fn server(schema: &str) -> ServerLocation {
    let named =
        std::env::var("TIDBOK_TEST_SQLSERVER").expect("TIDBOK_TEST_SQLSERVER names a server");
    let location: DatabaseLocation = named.parse().expect("the URL of a database of a server");
    let DatabaseLocation::SqlServer(server) = location else { panic!("{named} is no server") };
    let mut server = server.with_password(DatabasePassword::new(password()));
    server.schema = schema.to_owned();
    server
}
