-- Failed attempts to sign in with a password since the last that succeeded: they slow down guessing.
CREATE TABLE tidbok.failed_sign_in (
    signature NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
    failures BIGINT NOT NULL,
    last_at NVARCHAR(20) COLLATE Latin1_General_BIN2 NOT NULL,
    CONSTRAINT failed_sign_in_pk PRIMARY KEY (signature)
);
