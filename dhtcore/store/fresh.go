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

// A save is a hundred thousand rows. Bound and executed one by one, a row costs SQLite as much around
// its work as in it; so a statement reads them from a virtual table, temp.fresh, whose rows are in Go.
// That takes half the time.

// column is one of such a table, whose rows are made of values of type T.
type column[T any] struct {
	name string
	of   func(*T) driver.Value
}

// atOnce is how many rows are written before the next look whether the context is over. What a statement
// may have to undo, SQLite keeps in memory.
const atOnce = 1024

// insert adds rows to a table, or does what onConflict says with those that are there. Where unsent is
// not nil, it is added to the column of that name.
func insert[T any](ctx context.Context, r *raw, into string, columns []column[T], rows []T, onConflict string, unsent driver.Value) error {
	names, values, args := namesOf(columns), namesOf(columns), []driver.Value(nil)
	if unsent != nil {
		names, values, args = names+", unsent", values+", ?", []driver.Value{unsent}
		onConflict += ", unsent = unsent + excluded.unsent"
	}
	query := "INSERT INTO " + into + " (" + names + ") SELECT " + values + " FROM temp.fresh WHERE true ON CONFLICT " + onConflict
	return ask(ctx, r, columns, rows, query, nil, args...)
}

// ask runs a query that reads temp.fresh, some rows at a time, and calls answer with each row that it
// answers, whose values are valid until it returns.
func ask[T any](ctx context.Context, r *raw, columns []column[T], rows []T, query string, answer func(v []driver.Value), args ...driver.Value) error {
	if len(rows) == 0 {
		return nil
	}
	f := &fresh{names: namesOf(columns)}
	f.value = func(row, i int) driver.Value { return columns[i].of(&rows[row]) }
	drop, err := r.create(f)
	if err != nil {
		return err
	}
	stmt, err := r.prepare(query)
	for ; err == nil && f.from < len(rows); f.from = f.to {
		f.to = min(f.from+atOnce, len(rows))
		err = stmt.each(ctx, func(v []driver.Value) (bool, error) {
			answer(v)
			return true, nil
		}, args...)
	}
	r.closeLast(stmt) // which reads the table
	return cmp.Or(err, drop())
}

func namesOf[T any](columns []column[T]) string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.name
	}
	return strings.Join(names, ", ")
}

// fresh is the table.
type fresh struct {
	names    string // of its columns, separated by commas
	value    func(row, column int) driver.Value
	from, to int // the rows that the statement which runs reads
}

// create makes f the table temp.fresh until drop is called.
func (r *raw) create(f *fresh) (drop func() error, err error) {
	number, takeBack := freshTables.lend(f)
	if err := r.exec("CREATE VIRTUAL TABLE temp.fresh USING " + freshModule + "(" + strconv.FormatInt(number, 10) + ")"); err != nil {
		takeBack()
		return nil, err
	}
	return func() error {
		takeBack()
		return r.exec("DROP TABLE temp.fresh")
	}, nil
}

const freshModule = "dhtop_fresh"

// freshTables are the tables that the module may be asked for: SQLite makes them by a statement.
var freshTables loans[fresh]

// registerFresh makes the module known to the connections that are opened later.
var registerFresh = sync.OnceValue(func() error { return vtab.RegisterModule(nil, freshModule, module{}) })

// module is the virtual table as SQLite sees it.
type module struct{}

func (module) Create(c vtab.Context, args []string) (vtab.Table, error) {
	return module{}.Connect(c, args)
}

func (module) Connect(c vtab.Context, args []string) (vtab.Table, error) {
	number, _ := strconv.ParseInt(args[len(args)-1], 10, 64)
	f := freshTables.get(number)
	if f == nil {
		return nil, fmt.Errorf("%s holds the rows of a save, and there is none", freshModule)
	}
	return f, c.Declare("CREATE TABLE fresh (" + f.names + ")")
}

func (f *fresh) BestIndex(*vtab.IndexInfo) error { return nil }
func (f *fresh) Open() (vtab.Cursor, error)      { return &freshCursor{fresh: f}, nil }
func (f *fresh) Disconnect() error               { return nil }
func (f *fresh) Destroy() error                  { return nil }

type freshCursor struct {
	*fresh
	row int
}

func (c *freshCursor) Filter(int, string, []vtab.Value) error { c.row = c.from; return nil }
func (c *freshCursor) Next() error                            { c.row++; return nil }
func (c *freshCursor) Eof() bool                              { return c.row >= c.to }
func (c *freshCursor) Rowid() (int64, error)                  { return int64(c.row), nil }
func (c *freshCursor) Close() error                           { return nil }
func (c *freshCursor) Column(i int) (vtab.Value, error)       { return c.value(c.row, i), nil }
