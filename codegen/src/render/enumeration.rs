//! Enums.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::docs;
use crate::model::{Enumeration, variant};

pub(crate) fn items(enumeration: &Enumeration) -> Vec<TokenStream> {
    let ident = format_ident!("{}", enumeration.name);
    let docs = docs::attributes(&docs::of_type(&enumeration.docs, enumeration.url.as_deref()));
    let variants: Vec<_> = enumeration.values.iter().map(|(value, _)| format_ident!("{}", variant(value))).collect();
    let variant_docs = enumeration.values.iter().map(|(value, docs)| docs::attributes(&format!("`{value}`: {docs}")));
    let values = enumeration.values.iter().map(|(value, _)| value);
    vec![
        quote! {
            #docs
            #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
            #[non_exhaustive]
            pub enum #ident {
                #(#variant_docs #variants,)*
            }
        },
        quote! {
            impl #ident {
                /// The text that stands in the definition.
                pub const fn as_str(self) -> &'static str {
                    match self {
                        #(Self::#variants => #values,)*
                    }
                }
            }
        },
        quote! {
            impl ReferenceForm for #ident {
                const QUOTED: bool = true;
            }
        },
        quote! {
            impl From<#ident> for Value<#ident> {
                fn from(value: #ident) -> Self {
                    Self::unchecked(value.as_str())
                }
            }
        },
    ]
}
