package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"math"
)

// A batch is a hundred thousand executions of one statement. Through database/sql each would be looked
// up, locked and watched for the end of its context, by a goroutine of its own; so the statements of a
// transaction go straight to the driver, which takes a third less time.

// raw is a driver's connection, held for one transaction.
type raw struct {
	conn interface {
		driver.ExecerContext
		driver.ConnPrepareContext
	}
	prepared []*statement
}

// statement is a prepared statement. It is used by one goroutine.
type statement struct {
	stmt interface {
		driver.StmtExecContext
		driver.StmtQueryContext
	}
	closer driver.Stmt
	args   []driver.NamedValue
}

var errDriver = errors.New("the SQLite driver lacks what the store uses")

// transact runs do between begin and a commit, or a rollback when it fails or ctx is over by then.
func transact(ctx context.Context, db *sql.DB, begin string, do func(*raw) error) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close() //nolint:errcheck // it goes back to the pool
	return conn.Raw(func(c any) (err error) {
		r := &raw{}
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
				r.exec("ROLLBACK") //nolint:errcheck // some errors have rolled back already
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

func (r *raw) exec(query string) error {
	_, err := r.conn.ExecContext(context.Background(), query, nil)
	return err
}

func (r *raw) prepare(query string) (*statement, error) {
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

// closeLast closes the statement that was prepared last, unless it is nil.
func (r *raw) closeLast(s *statement) {
	if s != nil {
		r.prepared = r.prepared[:len(r.prepared)-1]
		s.closer.Close() //nolint:errcheck // it tells again what the execution told
	}
}

func (r *raw) close() {
	for _, s := range r.prepared {
		s.closer.Close() //nolint:errcheck // it tells again what the execution told
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

// each calls row with every row of the answer, whose values are valid until it returns. It stops when
// row returns false.
func (s *statement) each(ctx context.Context, row func(v []driver.Value) (more bool, err error), values ...driver.Value) error {
	rows, err := s.stmt.QueryContext(ctx, s.bind(values))
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // Next has told
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

// one returns the first column of the first row, nil if there is none.
func (s *statement) one(values ...driver.Value) (first driver.Value, err error) {
	err = s.each(context.Background(), func(v []driver.Value) (bool, error) {
		first = v[0]
		return false, nil
	}, values...)
	return first, err
}

// The values of columns. What is of another type, as a person may write into the file, is none.

func integer[N int | uint64](n N) driver.Value { return int64(min(uint64(max(n, 0)), math.MaxInt64)) }

func asUint(v driver.Value) uint64 { n, _ := v.(int64); return uint64(max(n, 0)) }
func asInt(v driver.Value) int     { return int(asUint(v)) }
func asText(v driver.Value) string { s, _ := v.(string); return s }
func asBytes(v driver.Value) []byte {
	b, _ := v.([]byte)
	return b
}
