package store

import (
	"database/sql"
	"path/filepath"
	"testing"
)

// A trigger in a foreign database can call a registered function: that is an error of the statement, whatever the
// arguments.
func TestTheRowFunctionIsForTheStoresOwnStatements(t *testing.T) {
	open(t, filepath.Join(t.TempDir(), "a.db")) // registers
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, args := range []string{"", "0", "9e9", "NULL", "'1'", "x'01'", "-1, 2"} {
		if _, err := db.Exec("SELECT " + rowFunction + "(" + args + ")"); err == nil {
			t.Errorf("%s(%s) is no error", rowFunction, args)
		}
	}
}
