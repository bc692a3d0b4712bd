package api

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"dhtop/dhtcore"
	"dhtop/views/report"
)

// commander sends commands to a server with its token.
type commander struct {
	url, token string
}

// commanding serves a lively Explorer that takes commands.
func commanding(t *testing.T) (commander, *dhtcore.Explorer) {
	t.Helper()
	dir := t.TempDir()
	url, e := servingExplorer(t, lively(), Config{DataDir: dir})
	return commander{url, strings.TrimSpace(read(t, filepath.Join(dir, "token")))}, e
}

// post makes a command. What is sent is JSON, or the text that it is.
func (c commander) post(t *testing.T, path string, body any) *http.Request {
	t.Helper()
	b, ok := body.(string)
	if !ok {
		text, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		b = string(text)
	}
	r := request(t, c.url+path, map[string]string{"Authorization": "Bearer " + c.token, "Content-Type": "application/json"})
	r.Method, r.Body, r.ContentLength = http.MethodPost, io.NopCloser(bytes.NewReader([]byte(b))), int64(len(b))
	return r
}

// done sends a command that succeeds and returns its outcome.
func done[T any](t *testing.T, c commander, path string, body any) T {
	t.Helper()
	document, response := answer[T](t, c.post(t, path, body))
	if response.StatusCode/100 != 2 {
		t.Fatalf("%s %v: %s %+v", path, body, response.Status, document)
	}
	return document
}

// TestCommands gives commands to one Explorer. Every answer is checked against the OpenAPI document.
func TestCommands(t *testing.T) {
	t.Parallel()
	c, e := commanding(t)
	eventually(t, "a node that has joined, and requests", func() bool {
		s := e.Snapshot()
		return s.Phase == dhtcore.Serving && len(s.Hashes.Top) > 0 && s.Hashes.Top[0].Requests > 1
	})
	hash := dhtcore.ID(e.Snapshot().Hashes.Top[0].InfoHash).String()

	t.Run("lookups", func(t *testing.T) {
		run := done[[]report.LookupRun](t, c, "/api/v1/lookups", map[string]any{"info_hash": hash, "wait": true})
		if len(run) != 1 || run[0].InfoHash.String() != hash || run[0].Running || run[0].Replies == 0 {
			t.Errorf("%+v", run)
		}
		begun := done[started](t, c, "/api/v1/lookups", map[string]any{"info_hash": "magnet:?xt=urn:btih:" + strings.Repeat("ab", 20)})
		eventually(t, "the lookup", func() bool {
			runs, _ := answer[[]report.LookupRun](t, request(t, c.url+begun.See, nil))
			return len(runs) == 1 && !runs[0].Running
		})
	})
	t.Run("announce", func(t *testing.T) {
		a := done[report.Announce](t, c, "/api/v1/announce", map[string]any{"info_hash": hash, "port": 6881, "seeder": true})
		if a.Stored == 0 || a.Port != 6881 || !a.Seeder {
			t.Errorf("%+v", a)
		}
	})
	t.Run("items", func(t *testing.T) {
		put := done[report.Put](t, c, "/api/v1/put", map[string]any{"value": "hello"})
		got := done[report.Get](t, c, "/api/v1/get", map[string]any{"target": put.Target})
		if put.Stored == 0 || !got.Found || got.Text == nil || *got.Text != "hello" {
			t.Errorf("put %+v, got %+v", put, got)
		}
		_, key, err := ed25519.GenerateKey(nil)
		if err != nil {
			t.Fatal(err)
		}
		it := dhtcore.Item{Value: []byte("5:first"), Salt: []byte("s"), Seq: 1}
		it.Sign(key)
		signed := map[string]any{"value_hex": hex.EncodeToString(it.Value), "key": hex.EncodeToString(it.Key), "salt": "s", "seq": 1, "sig": hex.EncodeToString(it.Sig)}
		if put := done[report.Put](t, c, "/api/v1/put", signed); put.Stored == 0 {
			t.Errorf("a mutable one: %+v", put)
		}
		if got := done[report.Get](t, c, "/api/v1/get", map[string]any{"key": signed["key"], "salt": "s"}); !got.Found || got.Seq == nil || *got.Seq != 1 {
			t.Errorf("a mutable one: %+v", got)
		}
		signed["seq"] = 2 // the signature is of another
		refused(t, c.post(t, "/api/v1/put", signed), http.StatusBadRequest)
	})
	t.Run("ping", func(t *testing.T) {
		node := e.Snapshot().Nodes[0].Contacts[0]
		p := done[report.Pings](t, c, "/api/v1/ping", map[string]any{"addr": node.Addr.String()})
		if p.Sent != 1 || p.ID != node.ID || len(p.RTTs) != 1 || (p.Error == nil) != (p.Answered == 1) {
			t.Errorf("%+v", p)
		}
	})
	t.Run("crawl and rates", func(t *testing.T) {
		for _, on := range []bool{false, true} {
			done[crawlCommand](t, c, "/api/v1/crawl", map[string]bool{"running": on})
			eventually(t, "the crawl", func() bool { return e.Snapshot().Crawl.Running == on })
		}
		before := e.Snapshot().Traffic.Limits
		now := done[report.Limits](t, c, "/api/v1/rates", map[string]any{"packets": 64, "inbound_per_ip": 0})
		if now.Packets != 64 || now.InboundPerSource != 0 || now.Bytes != before.Bytes {
			t.Errorf("%+v before, %+v now", before, now)
		}
		eventually(t, "the limits", func() bool { return e.Snapshot().Traffic.Limits.Packets == 64 })
	})
	t.Run("what is wrong is named", func(t *testing.T) {
		for _, one := range []struct {
			path, body string
			status     int
			param      string
		}{
			{"lookups", `{}`, 400, "info_hash"}, {"lookups", `{"info_hash":"/etc/hostname"}`, 400, "info_hash"},
			{"lookups", `{"info_hash":1}`, 400, "info_hash"}, {"lookups", `{"info_hsah":"x"}`, 400, "info_hsah"}, {"lookups", `[]`, 400, ""},
			{"names", `{"info_hash":"x"}`, 400, "info_hash"},
			{"trackers", `{"info_hash":"` + hash + `"}`, 400, "info_hash"},
			{"announce", `{"info_hash":"` + hash + `"}`, 400, "port"}, {"announce", `{"info_hash":"` + hash + `","port":65536}`, 400, "port"},
			{"get", `{}`, 400, "target"}, {"get", `{"target":"ab"}`, 400, ""}, {"get", `{"key":"ab"}`, 400, "key"}, {"get", `{"key":"xy"}`, 400, ""},
			{"put", `{}`, 400, "value"}, {"put", `{"value":"a","seq":1}`, 400, "key"}, {"put", `{"value":"` + strings.Repeat("a", 1000) + `"}`, 400, ""},
			{"ping", `{"addr":"localhost:1"}`, 400, "addr"}, {"ping", `{"addr":"192.0.2.1:1"}`, 400, "id"}, {"ping", `{"addr":"192.0.2.1:1","times":11}`, 400, "times"},
			{"crawl", `{}`, 400, "running"}, {"rates", `{}`, 400, "packets"}, {"rates", `{"bytes":-1}`, 400, "bytes"},
		} {
			says, response := answer[problem](t, c.post(t, "/api/v1/"+one.path, one.body))
			if response.StatusCode != one.status || says.Parameter != one.param || says.Detail == "" {
				t.Errorf("%s %s: %s %+v; want %d and %q named", one.path, one.body, response.Status, says, one.status, one.param)
			}
		}
	})
}

func TestEveryChangeNeedsTheToken(t *testing.T) {
	dir := t.TempDir()
	c := commander{url: serving(t, quiet(), Config{DataDir: dir})}
	for _, token := range []string{"", "wrong"} {
		c.token = token
		for _, r := range routes() {
			if r.method == http.MethodPost {
				refused(t, c.post(t, r.path, "{}"), http.StatusUnauthorized)
			}
		}
	}
}

func TestWhoWaitsHasAPlaceOrIsToldToComeBack(t *testing.T) {
	c := call{places: make(chan struct{}, 1)}
	c.places <- struct{}{}
	err := c.waiting(waitTimeout, nil)
	if p := asProblem(err); p.Status != http.StatusTooManyRequests || p.header.Get("Retry-After") == "" {
		t.Errorf("%v; want 429 with Retry-After", err)
	}
}
