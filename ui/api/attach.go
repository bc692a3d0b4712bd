package api

import (
	"cmp"
	"net/http"
	"strings"
	"time"

	"github.com/coder/websocket"

	"dhtop/dhtcore"
	"dhtop/ui/attach/protocol"
	"dhtop/views/report"
)

// The measures of attached screens.
const (
	maxAttached   = 32               // at once
	keptPlaces    = 8                // of them are for screens that may send commands: strangers on this machine must not lock its user out
	attachTimeout = 10 * time.Second // to greet, and for a message to leave: a screen that takes longer is gone
	maxAnswers    = 16               // that wait to be sent; until one is, no request is read
)

// attachHub serves the screens of other dhtops that show e. What they share is made once: see pictures.
type attachHub struct {
	explorer *dhtcore.Explorer
	options  report.Options
	server   *Server
	version  string
	events   eventThinner
	pictures *pictures
	mask     *report.SnapshotMask // nil for none
	places   chan struct{}        // holds a token for each screen
	ops      attachOps
}

func newAttachHub(s *Server, e *dhtcore.Explorer) *attachHub {
	h := &attachHub{explorer: e, options: s.options, server: s, version: cmp.Or(s.version, "devel"),
		pictures: newPictures(), places: make(chan struct{}, maxAttached), ops: newAttachOps()}
	if s.options.MaskAddrs {
		h.mask = report.NewSnapshotMask()
	}
	return h
}

// attach answers with the stream of an attached screen: see package protocol.
func attach(c *call) (status int, document any) {
	switch {
	case c.Method == http.MethodHead || !strings.EqualFold(c.Header.Get("Upgrade"), "websocket"):
		return fail(problemf(http.StatusUpgradeRequired, "this path is for WebSockets: use dhtop attach").with("Upgrade", "websocket"))
	case c.Header.Get("Authorization") != "" && c.attached.mayCommand(c.Request) != "" && c.attached.server.token != nil:
		return fail(problemf(http.StatusUnauthorized, "the token is not that of this dhtop: it is in its data directory, and may have changed").
			with("WWW-Authenticate", `Bearer realm="dhtop"`))
	}
	return http.StatusSwitchingProtocols, stream(c.attached.serve)
}

// mayCommand returns why a screen may only look; "" if it may send commands, too.
func (h *attachHub) mayCommand(r *http.Request) string {
	switch {
	case h.server.socket, h.server.token.sentBy(r):
		return ""
	case h.server.token == nil:
		return "read-only: commands need the token in the data directory of that dhtop, and it has none: start it with --data DIR"
	}
	return "read-only: commands need the token in the data directory of that dhtop"
}

// take takes one of the places, if there is one for a screen of that kind.
func (h *attachHub) take(commands bool) bool {
	if !commands && len(h.places) >= maxAttached-keptPlaces {
		return false
	}
	select {
	case h.places <- struct{}{}:
		return true
	default:
		return false
	}
}

// leave frees a place, and with the last one what is kept for all.
func (h *attachHub) leave() {
	if <-h.places; len(h.places) == 0 {
		h.pictures.forget()
	}
}

// serve serves a screen until it leaves or the server ends.
func (h *attachHub) serve(w http.ResponseWriter, r *http.Request) {
	if !h.take(h.mayCommand(r) == "") {
		problemf(http.StatusServiceUnavailable, "%d screens are attached already: close one of them", maxAttached).with("Retry-After", "10").write(w)
		return
	}
	defer h.leave()
	h.server.attached.Add(1)
	defer h.server.attached.Done()
	boundBuffer(r.Context(), streamBuffer)
	conn, err := websocket.Accept(w, r, nil) // it answers what is no handshake
	if err != nil {
		return
	}
	defer conn.CloseNow() //nolint:errcheck // it has ended
	s := &attachSession{hub: h, conn: conn, request: r, viewer: h.explorer.NewViewer(),
		answers: make(chan *protocol.Answer, maxAnswers), changed: make(chan struct{}, 1)}
	defer s.viewer.Close()
	conn.SetReadLimit(protocol.MaxRequest)
	if h.mayCommand(r) == "" {
		conn.SetReadLimit(protocol.MaxCommand)
	}
	s.serve(r.Context())
}

// bye says why a connection ends. It takes no longer than shutdownTimeout.
func (s *attachSession) bye(code websocket.StatusCode, reason string) {
	late := time.AfterFunc(shutdownTimeout/2, func() { s.conn.CloseNow() }) //nolint:errcheck // it has ended
	defer late.Stop()
	s.conn.Close(code, reason[:min(len(reason), 123)]) //nolint:errcheck // as above
}
