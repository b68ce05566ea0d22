// The heading of a section links to it, for readers who want its address.
for (const heading of document.querySelectorAll('section[id] :is(h1, h2, h3)')) {
  const link = document.createElement('a');
  link.href = `#${heading.closest('[id]').id}`;
  link.append(heading.firstChild);
  heading.prepend(link);
}
