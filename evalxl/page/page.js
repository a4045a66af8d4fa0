// Filters, sorts, copies, prints. The page is whole without it.
'use strict';
(function () {
var root = document.documentElement, at = function (id) { return document.getElementById(id); };
root.classList.add('scripted');
function plain(text) { return text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/g, 'd'); }
function words(text) { return plain(text).split(/\s+/).filter(Boolean); }
function fits(key, wanted) { return wanted.every(function (word) { return key.indexOf(word) >= 0; }); }
function fill(node, values) { node.textContent = node.dataset.words.replace(/\{(\w+)\}/g, function (_, name) { return values[name]; }); }
function make(name, text, kind) {
var node = document.createElement(name);
if (text) node.textContent = text;
if (kind) node.className = kind;
return node;
}
at('tone').addEventListener('click', function () {
var dark = root.dataset.tone ? root.dataset.tone === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
root.dataset.tone = dark ? 'light' : 'dark';
});
at('print').addEventListener('click', function () { print(); });
var opened = [];
addEventListener('beforeprint', function () {
document.querySelectorAll('details:not([open])').forEach(function (one) { one.open = true; opened.push(one); });
});
addEventListener('afterprint', function () { opened.forEach(function (one) { one.open = false; }); opened = []; });
var list = at('people-list'), body = list.tBodies[0], block = at('people-data'), size = 100, first = 0, column = -1, down = false;
var data = block && JSON.parse(block.textContent);
var rows = data ? data.rows.map(function (row) {
return { row: row, key: plain([row[0], row[1], data.units[row[2]][1], data.titles[row[3]]].join(' ')), unit: data.units[row[2]][0],
band: row[5] < 0 ? 'none' : data.bands[row[5]][0], state: data.states[row[7]][0], order: row[8] };
}) : Array.prototype.map.call(body.rows, function (node) {
return { node: node, key: node.dataset.key, unit: node.dataset.unit, band: node.dataset.band, state: node.dataset.state,
order: node.dataset.order.split(' ').map(Number) };
});
var all = rows.slice();
function drawn(one) {
if (one.node) return one.node;
var row = one.row, node = make('tr'), name = make('th'), degree;
node.append(make('td', row[0]), name, make('td', data.units[row[2]][1]), make('td', data.titles[row[3]], 'post'));
name.scope = 'row';
name.append(make('span', row[1], 't'));
if (data.scored) {
row[4].forEach(function (score, place) {
var cell = make('td', score, 'number');
cell.dataset.name = data.labels[place];
node.append(cell);
});
degree = make('td');
if (row[5] >= 0) degree.append(make('span', data.bands[row[5]][1], 'band ' + data.bands[row[5]][2]));
if (row[6]) degree.append(' ', make('i', data.provisional));
node.append(degree);
}
node.append(make('td', data.states[row[7]][1], 'state'));
one.node = node;
return node;
}
var by = ['unit', 'band', 'state'];
function show() {
var wanted = words(at('search').value), chosen = {};
by.forEach(function (name) { var field = at('by-' + name); chosen[name] = field ? field.value : ''; });
var found = rows.filter(function (one) {
return fits(one.key, wanted) && by.every(function (name) { return !chosen[name] || one[name] === chosen[name]; });
});
fill(at('shown'), { shown: found.length });
at('nobody').hidden = found.length > 0;
at('filtered').hidden = found.length === rows.length;
if (data) {
first = Math.max(0, Math.min(first, Math.floor((found.length - 1) / size) * size));
body.replaceChildren.apply(body, found.slice(first, first + size).map(drawn));
fill(at('page-number'), { page: first / size + 1, pages: Math.max(1, Math.ceil(found.length / size)) });
at('earlier').disabled = first === 0;
at('later').disabled = first + size >= found.length;
} else {
rows.forEach(function (one) { one.node.hidden = true; });
found.forEach(function (one) { one.node.hidden = false; });
}
}
function sort(place, button) {
down = column === place && !down;
column = place;
rows = all.slice().sort(function (one, other) {
var a = one.order[place], b = other.order[place];
if (a < 0 || b < 0) return (a < 0) - (b < 0) || all.indexOf(one) - all.indexOf(other);
return (down ? b - a : a - b);
});
list.querySelectorAll('th[aria-sort]').forEach(function (one) { one.removeAttribute('aria-sort'); });
button.parentNode.setAttribute('aria-sort', down ? 'descending' : 'ascending');
if (!data) rows.forEach(function (one) { body.append(one.node); });
first = 0;
show();
}
list.querySelectorAll('button[data-sort]').forEach(function (button) {
button.addEventListener('click', function () { sort(Number(button.dataset.sort), button); });
});
at('search').addEventListener('input', function () { first = 0; show(); });
by.forEach(function (name) { var field = at('by-' + name); if (field) field.addEventListener('change', function () { first = 0; show(); }); });
at('clear').addEventListener('click', function () {
at('search').value = '';
by.forEach(function (name) { var field = at('by-' + name); if (field) field.value = ''; });
first = 0;
show();
});
if (data) {
at('earlier').addEventListener('click', function () { first -= size; show(); });
at('later').addEventListener('click', function () { first += size; show(); });
}
document.querySelectorAll('a[data-unit]').forEach(function (link) {
link.addEventListener('click', function () { at('by-unit').value = link.dataset.unit; first = 0; show(); });
});
var findings = at('findings-list');
function look() {
var wanted = words(at('search-findings').value), levels = at('by-level').value.split(' ').filter(Boolean), count = 0;
Array.prototype.forEach.call(findings.tBodies[0].rows, function (row) {
row.hidden = !(fits(row.dataset.key, wanted) && (!levels.length || levels.indexOf(row.dataset.level) >= 0));
count += !row.hidden;
});
fill(at('shown-findings'), { shown: count });
}
if (findings) {
at('search-findings').addEventListener('input', look);
at('by-level').addEventListener('change', look);
look();
}
function copied(button) {
var before = button.textContent;
button.textContent = button.dataset.done;
setTimeout(function () { button.textContent = before; }, 1500);
}
function copy(text, button) {
if (navigator.clipboard) { navigator.clipboard.writeText(text).then(function () { copied(button); }, function () { by_hand(text, button); }); }
else by_hand(text, button);
}
function by_hand(text, button) {
var field = make('textarea', text, 'unseen');
document.body.append(field);
field.select();
if (document.execCommand('copy')) copied(button);
field.remove();
}
document.querySelectorAll('button.copy').forEach(function (button) {
button.addEventListener('click', function () { copy(button.dataset.path, button); });
});
show();
}());
