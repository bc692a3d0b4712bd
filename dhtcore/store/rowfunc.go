package store

import (
	"context"
	"database/sql/driver"
	"fmt"
	"sync"

	"modernc.org/sqlite"
)

// Reading a column takes two or three driver calls, each of which locks the connection. So the ranking, which is long,
// selects a single column: a scalar function of ours whose arguments are all the others at once.

const rowFunction = "dhtop_row"

// rowHandles leads the function to where the reader wants the next row.
var rowHandles handles[[]driver.Value]

// registerRowFunction makes the function known to every connection that is opened later.
var registerRowFunction = sync.OnceValue(func() error {
	return sqlite.RegisterFunction(rowFunction, &sqlite.FunctionImpl{NArgs: -1, Scalar: captureRow})
})

// captureRow is rowFunction: it copies its arguments, but for the first, to the row of that handle.
func captureRow(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
	if len(args) > 0 {
		handle, _ := args[0].(int64)
		if v := rowHandles.get(handle); v != nil {
			*v = append((*v)[:0], args[1:]...)
			return nil, nil
		}
	}
	return nil, fmt.Errorf("%s is for the store's own statements: nobody reads a row", rowFunction)
}

// eachRow calls row with every row of "SELECT columns rest" until row returns false. The values are valid until row
// returns. SQLite must find the rows in the order in which it returns them, without a sort or a GROUP BY: the
// function sees the row that was read last.
func (r *rawConn) eachRow(ctx context.Context, columns, rest string,
	row func(v []driver.Value) (more bool, err error), args ...driver.Value,
) error {
	var v []driver.Value
	handle, release := rowHandles.add(&v)
	defer release()
	stmt, err := r.prepare(fmt.Sprintf("SELECT %s(%d, %s) %s", rowFunction, handle, columns, rest))
	if err != nil {
		return err
	}
	return stmt.each(ctx, func([]driver.Value) (bool, error) { return row(v) }, args...)
}
