package store

import (
	"cmp"
	"context"
	"database/sql/driver"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"modernc.org/sqlite/vtab"
)

// A save is a hundred thousand rows, and binding and executing a statement for each costs SQLite as much as the upsert
// itself. So one statement reads them all from a virtual table, temp.batch, whose rows stay in Go.

// column is a column of temp.batch, whose rows are made of values of type T.
type column[T any] struct {
	name string
	of   func(*T) driver.Value
}

// rowsPerStatement is how many rows one statement writes before the context is looked at again. SQLite keeps in memory
// what a statement may have to undo.
const rowsPerStatement = 1024

// upsert inserts rows into a table, and does what onConflict says with those that exist. Unless unsent is nil, it
// is added to the column of that name.
func upsert[T any](ctx context.Context, r *rawConn, into string, columns []column[T], rows []T,
	onConflict string, unsent driver.Value,
) error {
	names, values, args := namesOf(columns), namesOf(columns), []driver.Value(nil)
	if unsent != nil {
		names, values, args = names+", unsent", values+", ?", []driver.Value{unsent}
		onConflict += ", unsent = unsent + excluded.unsent"
	}
	query := "INSERT INTO " + into + " (" + names + ") SELECT " + values + " FROM temp.batch WHERE true ON CONFLICT " + onConflict
	return queryBatch(ctx, r, columns, rows, query, nil, args...)
}

// queryBatch runs a query that reads temp.batch, rowsPerStatement rows at a time, and calls answer with each row of
// the result. The values are valid until answer returns.
func queryBatch[T any](ctx context.Context, r *rawConn, columns []column[T], rows []T,
	query string, answer func(v []driver.Value), args ...driver.Value,
) error {
	if len(rows) == 0 {
		return nil
	}
	t := &batchTable{names: namesOf(columns)}
	t.value = func(row, i int) driver.Value { return columns[i].of(&rows[row]) }
	drop, err := r.create(t)
	if err != nil {
		return err
	}
	stmt, err := r.prepare(query)
	for ; err == nil && t.from < len(rows); t.from = t.to {
		t.to = min(t.from+rowsPerStatement, len(rows))
		err = stmt.each(ctx, func(v []driver.Value) (bool, error) {
			answer(v)
			return true, nil
		}, args...)
	}
	r.closeLast(stmt) // an open statement on the table would keep it from being dropped
	return cmp.Or(err, drop())
}

func namesOf[T any](columns []column[T]) string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.name
	}
	return strings.Join(names, ", ")
}

// batchTable is the content of temp.batch.
type batchTable struct {
	names    string // of its columns, separated by commas
	value    func(row, column int) driver.Value
	from, to int // the rows that the running statement reads
}

// create makes t the table temp.batch until drop is called.
func (r *rawConn) create(t *batchTable) (drop func() error, err error) {
	handle, release := tableHandles.add(t)
	query := fmt.Sprintf("CREATE VIRTUAL TABLE temp.batch USING %s(%d)", batchModule, handle)
	if err := r.exec(query); err != nil {
		release()
		return nil, err
	}
	return func() error {
		release()
		return r.exec("DROP TABLE temp.batch")
	}, nil
}

const batchModule = "dhtop_batch"

// tableHandles leads the module from CREATE VIRTUAL TABLE, which is a statement, to the rows.
var tableHandles handles[batchTable]

// registerBatchModule makes the module known to every connection that is opened later.
var registerBatchModule = sync.OnceValue(func() error { return vtab.RegisterModule(nil, batchModule, batchVTab{}) })

// batchVTab is the module of temp.batch as SQLite sees it.
type batchVTab struct{}

func (batchVTab) Create(c vtab.Context, args []string) (vtab.Table, error) {
	return batchVTab{}.Connect(c, args)
}

func (batchVTab) Connect(c vtab.Context, args []string) (vtab.Table, error) {
	handle, _ := strconv.ParseInt(args[len(args)-1], 10, 64)
	t := tableHandles.get(handle)
	if t == nil {
		return nil, fmt.Errorf("%s is for the store's own statements: there is no batch", batchModule)
	}
	return t, c.Declare("CREATE TABLE batch (" + t.names + ")")
}

func (t *batchTable) BestIndex(*vtab.IndexInfo) error { return nil }
func (t *batchTable) Open() (vtab.Cursor, error)      { return &batchCursor{batchTable: t}, nil }
func (t *batchTable) Disconnect() error               { return nil }
func (t *batchTable) Destroy() error                  { return nil }

type batchCursor struct {
	*batchTable
	row int
}

func (c *batchCursor) Filter(int, string, []vtab.Value) error { c.row = c.from; return nil }
func (c *batchCursor) Next() error                            { c.row++; return nil }
func (c *batchCursor) Eof() bool                              { return c.row >= c.to }
func (c *batchCursor) Rowid() (int64, error)                  { return int64(c.row), nil }
func (c *batchCursor) Close() error                           { return nil }
func (c *batchCursor) Column(i int) (vtab.Value, error)       { return c.value(c.row, i), nil }
