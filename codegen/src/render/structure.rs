//! Builders of structures and unions.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::{docs, facts, kinds, setter};
use crate::model::{Custom, Service, Structure, Type, type_name};

/// The name of a required member's marker, which a message of the compiler shows.
fn marker(member: &str) -> String {
    type_name(member)
}

/// The names of a builder's type parameters: one a required member, unlike any name of a type.
pub(crate) fn parameters(structure: &Structure) -> Vec<Ident> {
    structure.required().map(|member| parameter(&member.name)).collect()
}

pub(crate) fn parameter(member: &str) -> Ident {
    format_ident!("Has{}", type_name(member))
}

/// The builder itself: the struct, `new` and the setters.
pub(crate) fn builder(structure: &Structure, custom: &[Custom], docs: &str) -> Vec<TokenStream> {
    let docs = docs::attributes(docs);
    let ident = format_ident!("{}", structure.name);
    let parameters = parameters(structure);
    let missing: Vec<_> = structure.required().map(|member| format_ident!("{}", marker(&member.name))).collect();
    let owned = |name: &String| custom.iter().any(|custom| custom.sets.contains(name));
    let setters = structure
        .members
        .iter()
        .filter(|member| !owned(&member.name))
        .map(|member| setter::of_member(structure, member));
    let custom_setters = custom.iter().map(|custom| setter::of_custom(structure, custom));
    let (definition, new, generics, escape) = if parameters.is_empty() {
        (
            quote!(pub struct #ident { parameters: Parameters }),
            quote! {
                impl #ident {
                    /// Nothing is set yet.
                    pub fn new() -> Self {
                        Self { parameters: Parameters::new() }
                    }
                }
                impl Default for #ident {
                    fn default() -> Self {
                        Self::new()
                    }
                }
            },
            (quote!(), quote!(#ident)),
            quote!(Self { parameters: self.parameters.set_deliberately(name, value) }),
        )
    } else {
        (
            quote! {
                pub struct #ident<#(#parameters = Set),*> {
                    parameters: Parameters,
                    required: PhantomData<(#(#parameters,)*)>,
                }
            },
            quote! {
                impl #ident<#(missing::#missing),*> {
                    /// Nothing is set yet.
                    pub fn new() -> Self {
                        Self { parameters: Parameters::new(), required: PhantomData }
                    }
                }
                impl Default for #ident<#(missing::#missing),*> {
                    fn default() -> Self {
                        Self::new()
                    }
                }
            },
            (quote!(<#(#parameters),*>), quote!(#ident<#(#parameters),*>)),
            quote!(Self { parameters: self.parameters.set_deliberately(name, value), required: PhantomData }),
        )
    };
    let (generics, full) = generics;
    let must_use = "a builder does nothing until it is given to a task";
    vec![
        quote! {
            #docs
            #[derive(Debug, Clone, PartialEq)]
            #[must_use = #must_use]
            #definition
        },
        new,
        quote! {
            impl #generics #full {
                #(#setters)*
                #(#custom_setters)*

                /// Sets a member as it is to be rendered, whether this builder knows it or not: a parameter or a
                /// value that AWS has added since. What the checker does not know of it is a warning, no error.
                pub fn parameter(self, name: impl Into<String>, value: impl Into<Payload>) -> Self {
                    let name: String = name.into();
                    #escape
                }
            }
        },
    ]
}

/// A structure that is a value of a parameter.
pub(crate) fn items(service: &Service, structure: &Structure) -> Vec<TokenStream> {
    let ident = format_ident!("{}", structure.name);
    let facts = Literal::usize_unsuffixed(facts::structure_index(service, &structure.name));
    let parameters = parameters(structure);
    let (generics, full) = if parameters.is_empty() {
        (quote!(), quote!(#ident))
    } else {
        (quote!(<#(#parameters: IsSet),*>), quote!(#ident<#(#parameters),*>))
    };
    let mut items = builder(structure, &[], &docs::of_structure(structure));
    items.push(quote! {
        impl ReferenceForm for #ident {
            const QUOTED: bool = false;
        }
    });
    items.push(quote! {
        #[doc(hidden)]
        impl #generics ::sfn_tasks::value::IntoValue<#ident> for #full {
            fn into_value(self) -> Value<#ident> {
                Value::unchecked(self.parameters.into_payload(SERVICE.structure(#facts)))
            }
        }
    });
    items
}

/// A union: a constructor for each member.
pub(crate) fn union(service: &Service, structure: &Structure) -> Vec<TokenStream> {
    let ident = format_ident!("{}", structure.name);
    let docs = docs::attributes(&docs::of_structure(structure));
    let constructors = structure.members.iter().map(|member| {
        let docs = docs::attributes(&docs::of_member(member));
        let method = format_ident!("{}", member.setter);
        let (bound, convert) = kinds::argument(&member.shape);
        let name = &member.name;
        quote! {
            #docs
            pub fn #method(value: impl #bound) -> Self {
                Self { parameters: Parameters::new().set(#name, #convert(value)) }
            }
        }
    });
    let facts = Literal::usize_unsuffixed(facts::structure_index(service, &structure.name));
    vec![
        quote! {
            #docs
            #[derive(Debug, Clone, PartialEq)]
            #[must_use = "a value does nothing until it is given to a builder"]
            pub struct #ident { parameters: Parameters }
        },
        quote!(impl #ident { #(#constructors)* }),
        quote! {
            impl ReferenceForm for #ident {
                const QUOTED: bool = false;
            }
        },
        quote! {
            #[doc(hidden)]
            impl ::sfn_tasks::value::IntoValue<#ident> for #ident {
                fn into_value(self) -> Value<#ident> {
                    Value::unchecked(self.parameters.into_payload(SERVICE.structure(#facts)))
                }
            }
        },
    ]
}

/// One marker a name for all builders of the module.
pub(crate) fn markers(service: &Service) -> Option<TokenStream> {
    let structures = service.types.iter().filter_map(|kind| match kind {
        Type::Structure(it) if it.custom.is_none() => Some(it),
        _ => None,
    });
    let all = structures.chain(service.actions.iter().map(|action| &action.structure));
    let names: BTreeSet<String> = all.flat_map(|it| it.required().map(|member| marker(&member.name))).collect();
    if names.is_empty() {
        return None;
    }
    let docs = names.iter().map(|name| format!(" `{name}` is not set."));
    let names = names.iter().map(|name| format_ident!("{name}"));
    Some(quote! {
        /// What stands in the type of a builder for a required parameter that is not set yet. So a function can take or
        /// give back a builder that is not complete.
        pub mod missing {
            #(
                #[doc = #docs]
                #[derive(Debug, Clone, PartialEq)]
                pub enum #names {}
            )*
        }
    })
}
