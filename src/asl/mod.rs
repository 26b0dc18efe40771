//! The Amazon States Language as a document: parsed, read, changed and rendered without loss.
