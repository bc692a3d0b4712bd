package store

import (
	"net"
	"path/filepath"
	"testing"
	"time"
)

func TestTheClockOfTheServerIsReadOnceAnHour(t *testing.T) {
	read := 0
	s, err := Open(t.Context(), Config{URL: postgres(t).database(t), Spool: filepath.Join(t.TempDir(), "spool.sqlite"),
		OnClock: func(theirs, sent, received time.Time, from net.Addr) {
			read++
			if theirs.Before(sent.Add(-time.Minute)) || theirs.After(received.Add(time.Minute)) || from == nil {
				t.Errorf("%s between %s and %s, of %v", theirs, sent, received, from)
			}
		}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	pg := s.(*Postgres)
	pg.sync(t.Context(), connectTimeout)
	if read != 1 {
		t.Errorf("read %d times", read)
	}
	pg.clockRead = pg.clockRead.Add(-clockEvery)
	pg.sync(t.Context(), connectTimeout)
	if read != 2 {
		t.Errorf("an hour later: %d times", read)
	}
}
