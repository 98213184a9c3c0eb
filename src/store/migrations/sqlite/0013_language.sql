-- The language that a patient chose with an online booking, and is written to in.
ALTER TABLE given_contacts ADD COLUMN language TEXT;

-- A server that takes no mail from the clinic, at all or from its address, is one fault.
UPDATE notice SET fault = 'rejected' WHERE fault = 'sender';
