package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"path/filepath"
	"testing"
)

// TestTheBatchTableIsForTheStoresOwnStatements makes one as a database of somebody else could.
func TestTheBatchTableIsForTheStoresOwnStatements(t *testing.T) {
	open(t, filepath.Join(t.TempDir(), "a.db")) // registers
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, args := range []string{"", "0", "x", "999999999", "-1"} {
		if _, err := db.ExecContext(t.Context(), "CREATE VIRTUAL TABLE temp.stolen USING "+batchModule+"("+args+")"); err == nil {
			t.Errorf("%s(%s) is no error", batchModule, args)
		}
	}
}

func TestABatchOfSeveralStatementsIsReadWholeAndInOrder(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "x.sqlite"))
	rows := make([]int64, 3*rowsPerStatement+7)
	for i := range rows {
		rows[i] = int64(i)
	}
	columns := []column[int64]{{"n", func(n *int64) driver.Value { return *n }}, {"square", func(n *int64) driver.Value { return *n * *n }}}
	read := func(ctx context.Context, rows []int64) (sum []int64, err error) {
		err = transact(ctx, s.pools.Load().write, "BEGIN IMMEDIATE", func(r *rawConn) error {
			return queryBatch(ctx, r, columns, rows, "SELECT n, square FROM temp.batch", func(v []driver.Value) {
				if asInt(v[0])*asInt(v[0]) != asInt(v[1]) {
					t.Errorf("%v are not of one row", v)
				}
				sum = append(sum, v[0].(int64))
			})
		})
		return sum, err
	}
	for range 2 { // the table is gone after each
		got, err := read(t.Context(), rows)
		if err != nil || len(got) != len(rows) {
			t.Fatalf("%d rows of %d, %v", len(got), len(rows), err)
		}
		for i, n := range got {
			if n != int64(i) {
				t.Fatalf("row %d is %d", i, n)
			}
		}
	}
	if got, err := read(t.Context(), nil); len(got) != 0 || err != nil {
		t.Errorf("no rows: %v, %v", got, err)
	}
}
