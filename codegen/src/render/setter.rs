//! The setters of a builder. The setter of a required member changes its marker to `Set`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{docs, kinds};
use crate::model::{Custom, Member, Shape, Structure, whole_setter};

/// The setters of a member: one, or two for a list or map, of which one adds an element and one sets the whole value.
pub(crate) fn of_member(structure: &Structure, member: &Member) -> TokenStream {
    let Member { name, setter, .. } = member;
    let method = format_ident!("{setter}");
    let docs = docs::attributes(&docs::of_member(member));
    let whole = |method: &proc_macro2::Ident, docs: TokenStream| {
        let (bound, convert) = kinds::argument(&member.shape);
        let argument = format_ident!("{setter}");
        let (returns, finish) = becomes(structure, &[name], quote!(self.parameters.set(#name, #convert(#argument))));
        quote! {
            #docs
            pub fn #method(self, #argument: impl #bound) -> #returns {
                #finish
            }
        }
    };
    match &member.shape {
        Shape::List { items, .. } => {
            let (bound, convert) = kinds::argument(items);
            let set = whole(&format_ident!("{}", whole_setter(setter)), whole_docs(member));
            let change = quote!(self.parameters.append(#name, #convert(element)));
            let (returns, finish) = becomes(structure, &[name], change);
            let docs = added(docs, "Each call adds an element.");
            quote! {
                #docs
                pub fn #method(self, element: impl #bound) -> #returns {
                    #finish
                }
                #set
            }
        }
        Shape::Map { values, .. } => {
            let (bound, convert) = kinds::argument(values);
            let set = whole(&format_ident!("{}", whole_setter(setter)), whole_docs(member));
            let change = quote!(self.parameters.insert(#name, key.into_key(), #convert(value)));
            let (returns, finish) = becomes(structure, &[name], change);
            let docs = added(docs, "Each call adds a member.");
            quote! {
                #docs
                pub fn #method(self, key: impl ::sfn_tasks::value::IntoKey, value: impl #bound) -> #returns {
                    #finish
                }
                #set
            }
        }
        _ => whole(&method, docs),
    }
}

/// A handwritten setter for a group of parameters.
pub(crate) fn of_custom(structure: &Structure, custom: &Custom) -> TokenStream {
    let docs = docs::attributes(&custom.docs);
    let method = format_ident!("{}", custom.method);
    let path: TokenStream = custom.path.parse().unwrap_or_else(|_| quote!(::sfn_tasks::value::Payload));
    let sets: Vec<&str> = custom.sets.iter().map(String::as_str).collect();
    let (returns, finish) = becomes(structure, &sets, quote!(#method.into().set_on(self.parameters)));
    quote! {
        #docs
        pub fn #method(self, #method: impl ::std::convert::Into<#path>) -> #returns {
            #finish
        }
    }
}

fn whole_docs(member: &Member) -> TokenStream {
    let kind = if matches!(member.shape, Shape::List { .. }) { "elements" } else { "members" };
    docs::attributes(&format!(
        "Sets all {kind} of `{}` at once, as values or as one expression; see [`{}`]({}).",
        member.name,
        member.setter,
        docs::setter_link(&member.setter),
    ))
}

fn added(docs: TokenStream, sentence: &str) -> TokenStream {
    let sentence = format!(" {sentence}");
    quote!(#docs #[doc = ""] #[doc = #sentence])
}

/// The return type of a setter, and its body.
fn becomes(structure: &Structure, sets: &[&str], parameters: TokenStream) -> (TokenStream, TokenStream) {
    let required: Vec<&Member> = structure.required().collect();
    let ident = kinds::named(&structure.name);
    if required.is_empty() {
        return (quote!(Self), quote!(Self { parameters: #parameters }));
    }
    if !required.iter().any(|member| sets.contains(&member.name.as_str())) {
        return (quote!(Self), quote!(Self { parameters: #parameters, required: ::std::marker::PhantomData }));
    }
    let markers = required.iter().map(|member| {
        let parameter = kinds::parameter(structure, member);
        if sets.contains(&member.name.as_str()) { quote!(::sfn_tasks::task::Set) } else { quote!(#parameter) }
    });
    (quote!(#ident<#(#markers),*>), quote!(#ident { parameters: #parameters, required: ::std::marker::PhantomData }))
}
