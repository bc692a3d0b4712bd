package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"path/filepath"
	"testing"
)

func TestATransactionThatFailsOrIsCancelledLeavesNoTrace(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "x.sqlite"))
	db := s.pools.Load().write
	insert := func(r *rawConn) error { return r.exec("INSERT INTO state VALUES ('key', 'value')") }
	ctx, cancel := context.WithCancel(t.Context())
	failure := errors.New("failure")
	for name, do := range map[string]func(*rawConn) error{
		"an error": func(r *rawConn) error { return errors.Join(insert(r), failure) },
		"the end of the context": func(r *rawConn) error {
			cancel()
			return insert(r)
		},
		"a statement that is refused": func(r *rawConn) error {
			if err := insert(r); err != nil {
				return err
			}
			stmt, err := r.prepare("INSERT INTO state VALUES ('key', 'again')")
			if err != nil {
				return err
			}
			_, err = stmt.exec()
			return err
		},
	} {
		in := t.Context()
		if name == "the end of the context" {
			in = ctx
		}
		if err := transact(in, db, "BEGIN IMMEDIATE", do); err == nil {
			t.Errorf("%s is no error", name)
		}
		if state, err := s.State(t.Context(), "key"); len(state) != 0 || err != nil {
			t.Errorf("after %s: %q, %v", name, state, err)
		}
	}
	if err := transact(t.Context(), db, "BEGIN IMMEDIATE", insert); err != nil {
		t.Error(err)
	}
	if err := transact(t.Context(), db, "not SQL", insert); err == nil {
		t.Error("a transaction begins with what is not SQL")
	}
	if state, _ := s.State(t.Context(), "key"); len(state) != 1 {
		t.Errorf("%q; want the row of the one that succeeded", state)
	}
}

func TestAColumnOfAnotherTypeCountsAsNull(t *testing.T) {
	for _, v := range []driver.Value{nil, "text", []byte("blob"), 1.5, int64(-3)} {
		if n := asUint(v); n != 0 {
			t.Errorf("asUint(%v) = %d", v, n)
		}
	}
	if asText(int64(1)) != "" || asBytes("x") != nil || !asTime("x").IsZero() || asInt(int64(7)) != 7 {
		t.Error("a value of another type is taken for one")
	}
}
