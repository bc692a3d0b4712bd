package store

import (
	"strconv"
	"unicode/utf8"
)

// A store that somebody else made may hold anything in any field. Fields that are longer than ours can be are read as
// empty, and SQLite tells their length without reading them.
const (
	maxName    = 4 << 10  // bytes of a name, of which a longer one is cut when it is saved
	maxSketch  = 64 << 10 // four times that of the ledger
	maxAddress = 64
	maxClient  = 256
	maxState   = 16 << 20
)

var (
	// readColumns are allColumns for a SELECT.
	readColumns = bounded("name", maxName, "''") + ", " + countColumns

	shortAddress = "octet_length(address) <= " + strconv.Itoa(maxAddress)
	shortState   = "octet_length(value) <= " + strconv.Itoa(maxState)
)

// bounded is an SQL expression for a field, or otherwise if the field is longer than max bytes.
func bounded(field string, limit int, otherwise string) string {
	return "CASE WHEN octet_length(" + field + ") <= " + strconv.Itoa(limit) + " THEN " + field + " ELSE " + otherwise + " END"
}

// cutName returns the start of a name, at most maxName bytes.
func cutName(name string) string {
	if len(name) <= maxName {
		return name
	}
	end := maxName
	for end > maxName-utf8.UTFMax && !utf8.RuneStart(name[end]) {
		end--
	}
	return name[:end]
}
