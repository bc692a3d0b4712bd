package api

import (
	"bytes"
	"fmt"
	"hash/maphash"
	"net/http"
	"strings"
	"sync"
	"time"

	"dhtop/views/report"
)

// stream is a document that writes itself, of the media type of its route. It ends when the request does.
type stream func(w http.ResponseWriter, r *http.Request)

// write answers a request with a document.
func write(w http.ResponseWriter, r *http.Request, status int, document any) {
	switch d := document.(type) {
	case *problem:
		d.write(w)
	case stream:
		d(w, r)
	case webPage:
		d.write(w)
	default:
		writeDocument(w, r, status, d)
	}
}

// appender is a document that writes itself as JSON, as encoding/json would.
type appender interface{ AppendJSON(dst []byte) []byte }

// buffers hold documents while they are made.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// etagSeed makes the tags of a run: those of another do not match.
var etagSeed = maphash.MakeSeed()

// writeDocument answers with JSON: on one line below /api, where programs read it, else for people. A GET that knows the
// tag of the document gets none.
func writeDocument(w http.ResponseWriter, r *http.Request, status int, document any) {
	b := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(b)
	b.Reset()
	writeJSON := report.WriteJSON
	if strings.HasPrefix(r.URL.Path, "/api/") {
		writeJSON = report.WriteNDJSON
	}
	if fast, ok := document.(appender); ok {
		b.Write(fast.AppendJSON(b.AvailableBuffer()))
	} else if err := writeJSON(b, document); err != nil {
		problemf(http.StatusInternalServerError, "the document cannot be written: %s", err).write(w)
		return
	}
	h := w.Header()
	documentHeaders(h, "application/json")
	if status == http.StatusOK && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
		// Weak, as a compressed document has the same.
		tag := fmt.Sprintf(`W/"%x"`, maphash.Bytes(etagSeed, b.Bytes()))
		h.Set("ETag", tag)
		h.Set("Cache-Control", "private, no-cache") // ask each time: it describes this moment
		if matches(r.Header.Values("If-None-Match"), tag) {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	patiently(w, b.Len())
	w.WriteHeader(status)
	w.Write(b.Bytes()) //nolint:errcheck // the client may have gone
}

// slowest is how many bytes a second a client has to read of a large document.
const slowest = 32 << 10

// patiently gives a client the time to read so many bytes.
func patiently(w http.ResponseWriter, bytes int) {
	more := time.Duration(bytes/slowest) * time.Second
	http.NewResponseController(w).SetWriteDeadline(time.Now().Add(requestTimeout + more)) //nolint:errcheck // only a recorder has none
}

// documentHeaders are the headers of all that is answered, of a media type.
func documentHeaders(h http.Header, media string) {
	h.Set("Content-Type", media)
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
}

// matches reports whether the header If-None-Match has a tag, by weak comparison (RFC 9110).
func matches(header []string, tag string) bool {
	opaque := strings.TrimPrefix(tag, "W/")
	for _, list := range header {
		for one := range strings.SplitSeq(list, ",") {
			if one = strings.TrimSpace(one); one == "*" || strings.TrimPrefix(one, "W/") == opaque {
				return true
			}
		}
	}
	return false
}
