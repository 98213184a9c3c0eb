-- The language that a patient chose with an online booking, and is written to in.
ALTER TABLE tidbok.given_contacts ADD language NVARCHAR(10) COLLATE Latin1_General_BIN2;

-- A server that takes no mail from the clinic, at all or from its address, is one fault.
UPDATE tidbok.notice SET fault = 'rejected' WHERE fault = 'sender';
