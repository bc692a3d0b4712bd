package api

import (
	"net/http"
	"strconv"
	"time"
)

// The measures of a stream.
const (
	maxStreams     = 2000             // of a kind at once, of all clients
	streamTimeout  = 10 * time.Second // for what is sent to leave: a client that reads nothing is gone then
	reconnectAfter = 2000             // milliseconds that clients wait before they come back
	streamBuffer   = 128 << 10        // bytes that the system holds for a client that does not read, where it would take some megabytes
)

// tooManyStreams is the answer to one more.
func tooManyStreams() *problem {
	return problemf(http.StatusServiceUnavailable, "there are %d streams already: try again later", maxStreams).with("Retry-After", "10")
}

// messages writes server-sent events to one client.
type messages struct {
	w       http.ResponseWriter
	control *http.ResponseController
	failed  error // the client has gone, or does not read
}

// newMessages sets the headers of a stream that answers r.
func newMessages(w http.ResponseWriter, r *http.Request) *messages {
	boundBuffer(r.Context(), streamBuffer)
	documentHeaders(w.Header(), "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no") // of nginx
	return &messages{w: w, control: http.NewResponseController(w)}
}

// begin sends the headers.
func (m *messages) begin() {
	m.failed = m.control.SetReadDeadline(time.Time{}) // nothing more is read; its end would end the stream
	m.send(strconv.AppendInt([]byte("retry: "), reconnectAfter, 10), []byte("\n\n"))
}

// send writes and flushes.
func (m *messages) send(texts ...[]byte) {
	if m.failed == nil {
		m.failed = m.control.SetWriteDeadline(time.Now().Add(streamTimeout))
	}
	for _, text := range texts {
		m.write(text)
	}
	if m.failed == nil {
		m.failed = m.control.Flush()
	}
}

func (m *messages) write(text []byte) {
	if m.failed == nil {
		_, m.failed = m.w.Write(text)
	}
}
