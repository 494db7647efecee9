-- The public holidays of a site, where its zone does not tell them: Alsace and Moselle.
ALTER TABLE site ADD COLUMN territory TEXT;
