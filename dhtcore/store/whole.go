package store

import (
	"context"
	"database/sql/driver"
	"fmt"
	"strconv"
	"sync"

	"modernc.org/sqlite"
)

// Each column of an answer takes two or three calls to read, and each of those the lock of the
// connection; so a ranking, which is long, has but one column: a function that gets all others at once.
// That takes two thirds of the time.

const wholeFunction = "dhtop_whole"

// wholes are the rows that are read, where the function puts the next one.
var wholes loans[[]driver.Value]

// registerWhole makes the function known to the connections that are opened later.
var registerWhole = sync.OnceValue(func() error {
	return sqlite.RegisterFunction(wholeFunction, &sqlite.FunctionImpl{NArgs: -1, Scalar: keepWhole})
})

func keepWhole(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
	if len(args) > 0 {
		number, _ := args[0].(int64)
		if v := wholes.get(number); v != nil {
			*v = append((*v)[:0], args[1:]...)
			return nil, nil
		}
	}
	return nil, fmt.Errorf("%s hands over a row that is read, and none is", wholeFunction)
}

// eachWhole calls row with every row of "SELECT columns rest", whose values are valid until it returns.
// It stops when row returns false. SQLite must read the rows in the order in which it returns them: where
// it sorts or groups them, each is the one that was read last.
func (r *raw) eachWhole(ctx context.Context, columns, rest string, row func(v []driver.Value) (more bool, err error), args ...driver.Value) error {
	var v []driver.Value
	number, takeBack := wholes.lend(&v)
	defer takeBack()
	stmt, err := r.prepare("SELECT " + wholeFunction + "(" + strconv.FormatInt(number, 10) + ", " + columns + ") " + rest)
	if err != nil {
		return err
	}
	return stmt.each(ctx, func([]driver.Value) (bool, error) { return row(v) }, args...)
}
