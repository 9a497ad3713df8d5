//! The code of a model.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Ident, Visibility};

use super::column::Default;
use super::{Field, Model};
use crate::{attribute, name};

/// The impls, the constants and the place in the registry.
pub(super) fn emit(model: &Model<'_>) -> TokenStream {
    let implementation = implementation(model);
    let constants = constants(model);
    let inverses = inverses(model);
    let ident = model.ident;
    attribute::block(quote! {
        #implementation
        #constants
        #inverses
        #[__a::linkme::distributed_slice(__a::MODELS)]
        #[linkme(crate = ::aludel::__private::linkme)]
        static ELEMENT: fn() -> &'static __a::Meta = || <#ident as __a::Model>::META;
    })
}

fn implementation(model: &Model<'_>) -> TokenStream {
    let ident = model.ident;
    let bind = model.table.bind.as_ref().map_or_else(|| quote!(__a::Main), |bind| quote!(#bind));
    let (key, read_key) = key(model);
    let meta = meta(model);
    let fields: Vec<&Ident> = model.fields.iter().map(|field| field.ident).collect();
    let read = model.fields.iter().map(|field| match field.skip {
        true => quote!(::core::default::Default::default()),
        false => of(field, quote!(read(cells)?)),
    });
    let blank = model.fields.iter().map(blank);
    let index: Vec<_> = (0..model.stored().count()).map(proc_macro2::Literal::usize_unsuffixed).collect();
    let slots = model.stored().map(|field| {
        let ident = field.ident;
        of(field, quote!(__slot(&self.#ident)))
    });
    let slots_mut = model.stored().map(|field| {
        let ident = field.ident;
        of(field, quote!(__slot_mut(&mut self.#ident)))
    });
    quote! {
        #[automatically_derived]
        impl __a::Model for #ident {
            type Key = #key;
            type Bind = #bind;
            const META: &'static __a::Meta = #meta;
            fn __layout() -> &'static __a::Layout {
                static LAYOUT: __a::OnceLock<__a::Layout> = __a::OnceLock::new();
                LAYOUT.get_or_init(|| __a::Layout::new(<Self as __a::Model>::META))
            }
            #[inline]
            fn __read(cells: &mut __a::Cells<'_>) -> __a::Result<Self> {
                __a::Ok(Self { #(#fields: #read),* })
            }
            fn __blank() -> Self {
                Self { #(#fields: #blank),* }
            }
            fn __slot(&self, index: usize) -> &dyn __a::Slot {
                match index { #(#index => #slots,)* _ => __a::no_slot(index) }
            }
            fn __slot_mut(&mut self, index: usize) -> &mut dyn __a::Slot {
                match index { #(#index => #slots_mut,)* _ => __a::no_slot(index) }
            }
            fn __key(&self) -> __a::Option<#key> {
                #read_key
            }
        }
        #[automatically_derived]
        impl __a::Record for #ident {
            fn __record(cells: &mut __a::Cells<'_>) -> __a::Result<Self> {
                <Self as __a::Model>::__read(cells)
            }
        }
    }
}

/// The key's type, and how it is read from `self`.
fn key(model: &Model<'_>) -> (TokenStream, TokenStream) {
    let keys: Vec<&Field<'_>> = model.keys().collect();
    let types = keys.iter().map(|field| {
        let ty = field.ty;
        quote_spanned!(ty.span()=> <#ty as __a::KeyField>::Key)
    });
    let reads = keys.iter().map(|field| {
        let (ty, ident) = (field.ty, field.ident);
        quote_spanned!(ty.span()=> <#ty as __a::KeyField>::key(&self.#ident))
    });
    match keys.as_slice() {
        [_] => (types.collect(), reads.collect()),
        _ => (quote!((#(#types),*)), quote!(__a::Some((#(#reads?),*)))),
    }
}

fn meta(model: &Model<'_>) -> TokenStream {
    let name = name::plain(model.ident);
    let table = match &model.table.table {
        Some(table) => table.value(),
        None => name::plural(&name::snake(&name)),
    };
    let line = attribute::line(model.ident.span());
    let setters = model.table.setters();
    let fields = model.stored().map(|field| {
        let (name, line) = (&field.name, attribute::line(field.ident.span()));
        let line = proc_macro2::Literal::u32_unsuffixed(line);
        let setters = field.column.setters(field.ident);
        of(field, quote!(META.at(#name, #line)#setters))
    });
    let line = proc_macro2::Literal::u32_unsuffixed(line);
    quote! {
        &__a::Meta::new(#name, #table, &[#(#fields),*], <Self as __a::Model>::__layout)
            .at(::core::module_path!(), ::core::file!(), #line)
            #setters
    }
}

/// What a field holds before the database has answered.
fn blank(field: &Field<'_>) -> TokenStream {
    if field.skip {
        return quote!(::core::default::Default::default());
    }
    match &field.column.default {
        Some((Default::Literal(value), _)) => quote!(__a::assign(#value)),
        _ if field.column.version.is_some() => quote!(1),
        _ => of(field, quote!(blank())),
    }
}

/// An item of the field's `Field` impl. Only the impl itself is named, always in this way, so that the compiler's messages
/// about a type that has none are one and the same, and shown once.
fn of(field: &Field<'_>, item: TokenStream) -> TokenStream {
    let ty = field.ty;
    quote_spanned!(ty.span()=> <#ty as __a::Field>::#item)
}

/// The columns and relations of the model itself.
fn constants(model: &Model<'_>) -> TokenStream {
    let ident = model.ident;
    let columns = model.stored().enumerate().map(|(index, field)| {
        let (vis, ty, name) = (field.vis, field.ty, constant(&field.name, field.ident));
        let index = proc_macro2::Literal::usize_unsuffixed(index);
        let relation = field.target.as_ref().map(|target| {
            let stem = field.name.strip_suffix("_id").unwrap_or(&field.name);
            let (name, to) = (constant(stem, field.ident), &target.model);
            let kind = if target.nullable { quote!(ToOption) } else { quote!(ToOne) };
            quote!(#vis const #name: __a::#kind<#ident, #to> = __a::#kind::new(#index);)
        });
        quote!(#vis const #name: __a::Column<#ident, #ty> = __a::Column::new(#index); #relation)
    });
    let links = model.table.links.iter().map(|link| {
        let (vis, name) = (model.vis, constant(&name::plain(&link.name), &link.name));
        let (target, through) = (&link.target, &link.through);
        let new = match &link.by {
            Some((near, far)) => {
                let (near, far) = (name::plain(near), name::plain(far));
                quote!(by(#near, #far))
            }
            None => quote!(new()),
        };
        quote!(#vis const #name: __a::ManyToMany<#ident, #target, #through> = __a::ManyToMany::#new;)
    });
    quote! {
        #[allow(dead_code, missing_docs, unreachable_pub)]
        impl #ident { #(#columns)* #(#links)* }
    }
}

/// The relations that this model's foreign keys give to their targets.
fn inverses(model: &Model<'_>) -> TokenStream {
    let ident = model.ident;
    let one_key = model.keys().count() == 1;
    let impls = model.stored().enumerate().filter_map(|(index, field)| {
        let (target, name) = (&field.target.as_ref()?.model, field.inverse(model)?);
        let name = Ident::new(&name, field.ident.span());
        let vis = narrower(model.vis, field.vis);
        let index = proc_macro2::Literal::usize_unsuffixed(index);
        let kind = if field.alone(one_key) { quote!(HasOne) } else { quote!(ToMany) };
        Some(quote! {
            #[allow(dead_code, missing_docs, unreachable_pub)]
            impl #target {
                #vis const #name: __a::#kind<#target, #ident> = __a::#kind::new(#index);
            }
        })
    });
    quote!(#(#impls)*)
}

impl Field<'_> {
    /// Whether at most one row points at each target.
    fn alone(&self, one_key: bool) -> bool {
        self.column.unique.is_some() || (one_key && self.column.key.is_some())
    }

    /// The name of the constant that this foreign key gives to its target.
    pub(super) fn inverse(&self, model: &Model<'_>) -> Option<String> {
        self.target.as_ref()?;
        if let Some((inverse, _)) = &self.column.inverse {
            let name = name::plain(inverse);
            return (name != "none").then(|| name.to_uppercase());
        }
        let child = name::snake(&name::plain(model.ident));
        let child = if self.alone(model.keys().count() == 1) { child } else { name::plural(&child) };
        Some(child.to_uppercase())
    }
}

/// The constant of a field, with the field's place for messages.
fn constant(name: &str, at: &Ident) -> Ident {
    format_ident!("{}", name.to_uppercase(), span = at.span())
}

/// The visibility of what is only visible where both are.
fn narrower<'v>(one: &'v Visibility, other: &'v Visibility) -> &'v Visibility {
    let rank = |vis: &Visibility| match vis {
        Visibility::Inherited => 0,
        Visibility::Restricted(restricted) if restricted.path.is_ident("self") => 1,
        Visibility::Restricted(restricted) if restricted.path.is_ident("super") => 2,
        Visibility::Restricted(restricted) if restricted.in_token.is_some() => 3,
        Visibility::Restricted(_) => 4,
        Visibility::Public(_) => 5,
    };
    if rank(one) <= rank(other) { one } else { other }
}
