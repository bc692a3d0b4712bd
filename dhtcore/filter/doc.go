// Package filter is the language in which people say which rows of a list they want: in the lists of the screen,
// in "dhtop export --filter" and "dhtop crawl --filter".
//
// A filter is terms separated by blanks, all of which must hold:
//
//	word          the row has this text, whatever the case; one of the list's own words (good, in, done) as a whole
//	"two words"   the row has this text, blanks included
//	~regex        a text of the row matches the regular expression
//	field:word    the field contains it; states and kinds start with it; addresses start with it, or lie in a /prefix
//	field=word    the field is exactly that
//	field~regex   the field matches
//	field>number  also >= < <= and =; 10k and 2M, 200 (ms) and 1.5s, 30 (s) and 5m for ages
//	!term         the term does not hold
//
// A hash is found in every form that people paste. A list has a Table, which says what the fields are and how they
// are read from a row; Table.Parse makes a Filter of a text. The package does no I/O and has no locks. A Filter is
// immutable; matching does not allocate.
package filter
