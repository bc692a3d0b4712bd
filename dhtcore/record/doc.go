// Package record turns a series of values of one type into frames and back: the Snapshots of an Explorer, for a terminal
// elsewhere or for a file.
//
// A frame says how a value differs from another one: a base from the zero value, a delta from the value before. Both
// have one form, a tree of what has changed (diff.go), in CBOR (RFC 8949). It names the fields, so that a reader of
// another version takes what it knows and can tell what it does not know. Rows of a list are found again by their hash,
// ID, number or address, wherever they have moved.
//
//	struct   {"Field": changed, ...}           the fields that differ
//	slice    [[from, n], [from, 0, changed], [new]]  n rows copied, a row changed, a new row
//	array    {3: changed, ...}                 of structs; the places that differ
//	map      [[[key, changed], ...], [key, ...]]  entries that differ, and those that are gone
//	pointer  its value's form; null for nil, as for slices and maps
//	else     the value: number, text, bytes; a time in nanoseconds since 1970, null for the zero time
//
// A Tape keeps such a series in memory, a Writer writes it to a file, and a Playback plays one file or many. A Playback has a
// lock of its own, as has a Tape; all else is for one goroutine.
//
// Values must be immutable, as Snapshots are: parts that two values share are not compared.
package record
