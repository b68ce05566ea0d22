//! Markdown, as GitHub reads it: a file for each page, with links between them.

mod blocks;
mod diagram;
mod links;

use accord_language::model::Model;

use super::{
    overview,
    page::{Anchor, Page, Sample, Section},
};
use crate::{File, typescript::package_name};
use blocks::{block, sample};
use links::{Anchors, Links};

/// The header that marks a file of Markdown as generated.
fn header(model: &Model) -> String {
    let protocol = &model.protocol;
    format!(
        "<!-- Generated from the schema of {} {} by \"accord gen all\". Do not edit: change the schema. -->\n",
        protocol.name, protocol.version
    )
}

/// The README of the npm package: what it is for, how to install it, how a client connects, and how it follows rooms.
pub(super) fn readme(model: &Model, connect: &Sample, follow: Option<&Sample>) -> String {
    let (name, summary) = (package_name(model), links::escape(&model.protocol.doc.summary));
    let header = header(model);
    let rest = match model.http.operations.is_empty() {
        true => "",
        false => ", and `Rest`, which calls the REST operations over `fetch`",
    };
    let rooms = match follow {
        None => String::new(),
        Some(_) => format!("- `{name}/rooms` follows rooms across reconnections, and sends each event once.\n"),
    };
    let installing = format!(
        "\n## Install\n\nThis folder is the package: JavaScript and declarations, without dependencies. Install it by its path, \
         next to the official client:\n\n```sh\nnpm install path/to/typescript socket.io-client\n```\n\nnpm links the folder, so \
         your project always uses what `accord gen` last wrote there. To install the package elsewhere, make an archive of it \
         with `npm pack path/to/typescript`.\n\n\
         - `{name}` has the types, constants, guards and checks of payloads{rest}.\n\
         - `{name}/client` is a Socket.IO client for pages without a bundler; with it, `socket.io-client` is not needed.\n\
         {rooms}\n\
         `import` works in browsers and from Node.js 18, `require` from Node.js 20.19; bundlers support both. In TypeScript, set \
         `moduleResolution` to `bundler`, `node16` or `nodenext`.\n"
    );
    let following = follow.map(|follow| {
        format!(
            "\n## Follow rooms\n\n`{name}/rooms` works on the socket of `io`, from `{name}/client` (for pages without a \
             bundler) or from `socket.io-client`. After each connection it joins the rooms again from where they were, and \
             sends again what was not acknowledged: each entry of a room's log is handed over once and in order, and an event \
             that is sent arrives once. `rest` is `new Rest(…)` of `{name}`.\n{}",
            sample(follow)
        )
    });
    format!(
        "{header}\n# {name}\n\n{summary}\n{installing}\n## Connect\n\nA sample to copy: `fetchToken` asks your own backend for a \
         token, and `joinRooms`, `signIn` and `show` are functions of yours too. The reference explains each way in \
         which a connection can end.\n{}{}",
        sample(connect),
        following.unwrap_or_default(),
    )
}

/// The files, in a folder `docs`.
pub(super) fn write(model: &Model, pages: &[Page]) -> Vec<File> {
    let anchors = Anchors::of(pages);
    let protocol = &model.protocol;
    let header = header(model);
    let file = |page: &Page| {
        let links = anchors.from(&page.path);
        let up = match page.path.as_str() {
            overview::PATH => String::new(),
            _ => format!("[{}]({}) ›\n\n", protocol.name, links.to(&Anchor::Page(overview::PATH.to_owned()))),
        };
        let mut text = format!("{header}\n{up}# {}\n", links::escape(&page.title));
        page.lead.iter().for_each(|part| text += &block(part, &links));
        if page.path == overview::PATH {
            let link = |page: &Page| {
                format!("- [{}]({})\n", links::escape(&page.title), links.to(&Anchor::Page(page.path.clone())))
            };
            text +=
                &format!("\n{}", pages.iter().filter(|other| other.path != page.path).map(link).collect::<String>());
        }
        page.sections.iter().for_each(|part| text += &section(part, &links));
        File { path: format!("docs/{}.md", page.path), text }
    };
    pages.iter().map(file).collect()
}

fn section(section: &Section, links: &Links<'_>) -> String {
    let mut text = format!("\n## {}\n", links::escape(&section.title));
    let mut tags: Vec<String> = section.kind.label().into_iter().map(|label| format!("*{label}*")).collect();
    tags.extend(section.since.as_ref().map(|since| format!("since {since}")));
    if section.deprecated {
        tags.push("**deprecated**".to_owned());
    }
    if !tags.is_empty() {
        text += &format!("\n{}\n", tags.join(" · "));
    }
    if !section.summary.is_empty() {
        text += &format!("\n{}\n", links.rich(&section.summary));
    }
    section.blocks.iter().for_each(|part| text += &block(part, links));
    section.samples.iter().for_each(|part| text += &sample(part));
    text
}
