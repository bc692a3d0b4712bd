package attach

import (
	"context"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"dhtop/dhtcore"
	"dhtop/ui"
	"dhtop/ui/api"
)

// patient is how long a test waits for what must happen.
const patient = 30 * time.Second

// lively is an Explorer among nodes that ask for hashes.
func lively() dhtcore.Config {
	return dhtcore.Config{Demo: &dhtcore.Demo{Nodes: 40, Seed: 7}, Crawl: true}
}

// quiet is an Explorer that knows nobody.
func quiet() dhtcore.Config {
	return dhtcore.Config{Demo: &dhtcore.Demo{Nodes: 2}, Bootstrap: []string{}}
}

// node runs an Explorer that can be attached to until stop is called, or the test ends.
func node(t *testing.T, explorer dhtcore.Config, c api.Config) (e *dhtcore.Explorer, server *api.Server, stop func()) {
	t.Helper()
	server, err := api.New(c)
	if err != nil {
		t.Fatal(err)
	}
	if e, err = dhtcore.Open(explorer); err != nil {
		server.Close()
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var both sync.WaitGroup
	both.Go(func() {
		if err := e.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	both.Go(func() {
		if err := server.Run(ctx, e); err != nil {
			t.Error(err)
		}
	})
	stop = sync.OnceFunc(func() {
		cancel()
		both.Wait()
	})
	t.Cleanup(stop)
	return e, server, stop
}

// socketIn is the address of a socket in a directory of the test.
func socketIn(t *testing.T) string { return "unix:" + filepath.Join(t.TempDir(), "s") }

// attached returns a Client that shows a node.
func attached(t *testing.T, target string, cfg Config) (*Client, ui.Core) {
	t.Helper()
	c := opened(t, target, cfg)
	ctx, cancel := context.WithTimeout(t.Context(), patient)
	defer cancel()
	if err := c.Wait(ctx); err != nil {
		t.Fatal(err)
	}
	return c, c.Core()
}

func opened(t *testing.T, target string, cfg Config) *Client {
	t.Helper()
	to, err := ParseTarget(target)
	if err != nil {
		t.Fatal(err)
	}
	c := Open(t.Context(), to, cfg)
	c.patience = patient // whatever else the machine does
	t.Cleanup(c.Close)
	return c
}

// eventually waits until something holds. It looks as often as a screen does.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patient); !holds(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("never: %s", what)
		}
	}
}
