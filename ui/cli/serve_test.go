package cli

import (
	"testing"
	"time"

	"dhtop/dhtcore"
	"dhtop/ui/api"
	"dhtop/ui/cli/settings"
)

func TestAPanicEndsTheHTTPAPIToo(t *testing.T) {
	r, err := openAPISession(t.Context(), settings.Settings{
		Explorer: dhtcore.Config{Demo: &dhtcore.Demo{Nodes: 2}, Bootstrap: []string{}},
		HTTP:     &api.Config{Addr: "127.0.0.1:0"},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer r.close() //nolint:errcheck // the test is about the end
	ended := make(chan any)
	go func() {
		defer func() { ended <- recover() }()
		defer r.wait()
		panic("boom")
	}()
	select {
	case why := <-ended:
		if why != "boom" {
			t.Errorf("the panic is %v", why)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("a panic waits for the HTTP API, which waits for the end")
	}
}
