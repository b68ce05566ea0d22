-- Earlier releases took images of any length from tokens, and the protocol has none of more than 2,048 characters.
UPDATE users SET image = NULL WHERE length(image) > 2048;
