package store

import (
	"context"
	"net"
	"net/url"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// silencedProxy returns a URL that leads to the server. After fall it passes nothing on, until rise is called.
func silencedProxy(t *testing.T, server string) (through string, fall, rise func()) {
	t.Helper()
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	to := u.Host
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var passing sync.RWMutex
	pass := func(from, to net.Conn) {
		defer to.Close()
		buffer := make([]byte, 1<<16)
		for {
			n, err := from.Read(buffer)
			passing.RLock()
			if n > 0 {
				_, err = to.Write(buffer[:n])
			}
			passing.RUnlock()
			if err != nil {
				return
			}
		}
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			d, err := net.Dial("tcp", to)
			if err != nil {
				c.Close()
				continue
			}
			go pass(c, d)
			go pass(d, c)
		}
	}()
	t.Cleanup(func() { l.Close() })
	u.Host = l.Addr().String()
	return u.String(), passing.Lock, passing.Unlock
}

// within fails the test if do takes longer than limit.
func within(t *testing.T, what string, limit time.Duration, do func()) {
	t.Helper()
	start := time.Now()
	if do(); time.Since(start) > limit {
		t.Errorf("%s took %v; want at most %v", what, time.Since(start), limit)
	}
}

func TestAServerThatFallsSilentStopsNobody(t *testing.T) {
	server := postgres(t)
	u, fall, rise := silencedProxy(t, server.database(t))
	spool := filepath.Join(t.TempDir(), "spool.sqlite")
	pg := openPostgresAt(t, u, spool)
	save(t, pg, many(0, 1000)...)
	calm(t, pg)
	if _, err := Top(t.Context(), pg, 100); err != nil {
		t.Fatal(err)
	}
	fall()
	defer rise()
	within(t, "Save", syncTime+2*time.Second, func() { save(t, pg, many(1000, 10)...) })
	if pg.Trouble() == nil {
		t.Error("no Trouble though the server is silent")
	}
	within(t, "Top", 2*time.Second, func() {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := Top(ctx, pg, 100); err == nil {
			t.Error("Top of a silent server succeeded")
		}
	})
	within(t, "Close", closeLimit+time.Second, func() {
		if err := pg.Close(); err != nil {
			t.Error(err)
		}
	})
	wantOrderLen(t, open(t, spool), 1010)
}
