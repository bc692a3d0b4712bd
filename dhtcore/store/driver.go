package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"math"
)

// Around every execution database/sql takes locks and starts a goroutine that watches the context. A batch executes a
// statement thousands of times, so the statements of a transaction bypass it and call the driver.

// rawConn is the driver's own connection, held for one transaction.
type rawConn struct {
	conn interface {
		driver.ExecerContext
		driver.ConnPrepareContext
	}
	prepared []*statement
}

// statement is a prepared statement, for one goroutine.
type statement struct {
	stmt interface {
		driver.StmtExecContext
		driver.StmtQueryContext
	}
	closer driver.Stmt
	args   []driver.NamedValue
}

var errDriver = errors.New("the SQLite driver lacks an interface that the store needs: build dhtop with the go.mod it came with")

// transact runs do between the statement begin and a COMMIT, or a ROLLBACK when do fails or ctx has ended.
func transact(ctx context.Context, db *sql.DB, begin string, do func(*rawConn) error) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close() //nolint:errcheck // it goes back to the pool
	return conn.Raw(func(c any) (err error) {
		r := &rawConn{}
		var ok bool
		if r.conn, ok = c.(interface {
			driver.ExecerContext
			driver.ConnPrepareContext
		}); !ok {
			return errDriver
		}
		if err := r.exec(begin); err != nil {
			return err
		}
		defer func() {
			r.close()
			if err != nil {
				r.exec("ROLLBACK") //nolint:errcheck // after some errors SQLite has rolled back already
			}
		}()
		if err = do(r); err == nil {
			err = ctx.Err()
		}
		if err == nil {
			err = r.exec("COMMIT")
		}
		return err
	})
}

func (r *rawConn) exec(query string) error {
	_, err := r.conn.ExecContext(context.Background(), query, nil)
	return err
}

func (r *rawConn) prepare(query string) (*statement, error) {
	stmt, err := r.conn.PrepareContext(context.Background(), query)
	if err != nil {
		return nil, err
	}
	s := &statement{closer: stmt}
	r.prepared = append(r.prepared, s)
	var ok bool
	if s.stmt, ok = stmt.(interface {
		driver.StmtExecContext
		driver.StmtQueryContext
	}); !ok {
		return nil, errDriver
	}
	return s, nil
}

// closeLast closes the statement that was prepared last; nil is ignored.
func (r *rawConn) closeLast(s *statement) {
	if s != nil {
		r.prepared = r.prepared[:len(r.prepared)-1]
		s.closer.Close() //nolint:errcheck // it repeats the error of the execution
	}
}

func (r *rawConn) close() {
	for _, s := range r.prepared {
		s.closer.Close() //nolint:errcheck // it repeats the error of the execution
	}
}

func (s *statement) bind(values []driver.Value) []driver.NamedValue {
	s.args = s.args[:0]
	for i, v := range values {
		s.args = append(s.args, driver.NamedValue{Ordinal: i + 1, Value: v})
	}
	return s.args
}

// exec runs the statement and returns how many rows it changed.
func (s *statement) exec(values ...driver.Value) (changed int64, err error) {
	result, err := s.stmt.ExecContext(context.Background(), s.bind(values))
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// each calls row with every row of the result until row returns false. The values are valid until row returns.
func (s *statement) each(ctx context.Context, row func(v []driver.Value) (more bool, err error), values ...driver.Value) error {
	rows, err := s.stmt.QueryContext(ctx, s.bind(values))
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // Next returned its error
	v := make([]driver.Value, len(rows.Columns()))
	for {
		switch err := rows.Next(v); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		more, err := row(v)
		if err == nil {
			err = ctx.Err()
		}
		if err != nil || !more {
			return err
		}
	}
}

// one returns the first column of the first row, nil if there is no row.
func (s *statement) one(values ...driver.Value) (first driver.Value, err error) {
	err = s.each(context.Background(), func(v []driver.Value) (bool, error) {
		first = v[0]
		return false, nil
	}, values...)
	return first, err
}

// The values of columns. A value of another type, which a person may have written into the file, counts as NULL.

func integer[N int | uint64](n N) driver.Value { return int64(min(uint64(max(n, 0)), math.MaxInt64)) }

func asUint(v driver.Value) uint64 { n, _ := v.(int64); return uint64(max(n, 0)) }
func asInt(v driver.Value) int     { return int(asUint(v)) }
func asText(v driver.Value) string { s, _ := v.(string); return s }
func asBytes(v driver.Value) []byte {
	b, _ := v.([]byte)
	return b
}
