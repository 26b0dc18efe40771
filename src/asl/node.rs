//! A value of a document with its JSON Pointer.

use std::fmt::Write;
use std::sync::Arc;

use crate::value::{Json, Object, escape_token};

/// A value of a document that knows its place. The views of states, retriers and so on are nodes with methods for
/// their fields.
///
/// A step to a child needs one small allocation. The JSON Pointer is only written when you ask for it.
#[derive(Debug, Clone)]
pub struct Node<'a> {
    json: &'a Json,
    place: Option<Arc<Place<'a>>>,
}

#[derive(Debug)]
struct Place<'a> {
    parent: Option<Arc<Place<'a>>>,
    token: Token<'a>,
}

#[derive(Debug)]
enum Token<'a> {
    Name(&'a str),
    Index(usize),
}

impl<'a> Node<'a> {
    /// The whole document.
    pub fn root(json: &'a Json) -> Self {
        Self { json, place: None }
    }

    fn child(&self, json: &'a Json, token: Token<'a>) -> Self {
        Self { json, place: Some(Arc::new(Place { parent: self.place.clone(), token })) }
    }

    /// The value.
    pub fn json(&self) -> &'a Json {
        self.json
    }

    /// The value, if it is an object.
    pub fn object(&self) -> Option<&'a Object> {
        self.json.as_object()
    }

    /// The member with this name, if this is an object that has it.
    pub fn get(&self, name: &str) -> Option<Node<'a>> {
        let (name, json) = self.object()?.iter().find(|(member, _)| *member == name)?;
        Some(self.child(json, Token::Name(name)))
    }

    /// Whether this is an object with a member of this name.
    pub fn has(&self, name: &str) -> bool {
        self.json.get(name).is_some()
    }

    /// The member with this name, if it is a string.
    pub fn text(&self, name: &str) -> Option<&'a str> {
        self.json.get(name)?.as_str()
    }

    /// The member with this name, if it is an integer without a fraction or an exponent.
    pub fn integer(&self, name: &str) -> Option<i64> {
        self.json.get(name)?.as_number()?.as_i64()
    }

    /// The members with their names. Empty if this is not an object.
    pub fn members(&self) -> impl Iterator<Item = (&'a str, Node<'a>)> + use<'a> {
        let node = self.clone();
        let members = self.object().map(Object::iter).into_iter().flatten();
        members.map(move |(name, json)| (name, node.child(json, Token::Name(name))))
    }

    /// The elements. Empty if this is not an array.
    pub fn elements(&self) -> impl Iterator<Item = Node<'a>> + use<'a> {
        let node = self.clone();
        let elements = self.json.as_array().unwrap_or_default();
        elements.iter().enumerate().map(move |(index, json)| node.child(json, Token::Index(index)))
    }

    /// The elements of the member with this name. Empty if it is not an array.
    pub(super) fn list(&self, name: &str) -> impl Iterator<Item = Node<'a>> + use<'a> {
        self.get(name).into_iter().flat_map(|list| list.elements())
    }

    /// The JSON Pointer (RFC 6901) of the value, from the root of the document.
    pub fn pointer(&self) -> String {
        let mut tokens = Vec::new();
        let mut place = self.place.as_ref();
        while let Some(here) = place {
            tokens.push(&here.token);
            place = here.parent.as_ref();
        }
        tokens.into_iter().rev().fold(String::new(), |mut pointer, token| {
            // Writing to a string never fails.
            let _ = match token {
                Token::Name(name) => write!(pointer, "/{}", escape_token(name)),
                Token::Index(index) => write!(pointer, "/{index}"),
            };
            pointer
        })
    }

    /// The JSON Pointer of the member with this name, whether it exists or not.
    pub fn member_pointer(&self, name: &str) -> String {
        format!("{}/{}", self.pointer(), escape_token(name))
    }
}

/// Two nodes are equal if they are at the same place of the same document.
impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.json, other.json)
    }
}

impl Eq for Node<'_> {}
