package api

import (
	"bytes"
	"net/http"
	"strings"

	"dhtop/views/page"
)

// webPage is a document for a browser, and the Content-Security-Policy that it needs.
type webPage struct {
	policy string
	text   []byte
}

func (p webPage) write(w http.ResponseWriter) {
	h := w.Header()
	documentHeaders(h, "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", p.policy)
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Frame-Options", "DENY") // for browsers that do not know frame-ancestors
	w.Write(p.text)                  //nolint:errcheck // the client may have gone
}

// prefersPage reports whether a request is a browser's: it names HTML, and before JSON.
func prefersPage(r *http.Request) bool {
	accept := strings.Join(r.Header.Values("Accept"), ",")
	html, json := strings.Index(accept, "text/html"), strings.Index(accept, "application/json")
	return html >= 0 && (json < 0 || html < json)
}

// livePage is the status page, which follows its stream.
func livePage(c *call) (status int, document any) { return statusPage(c, true) }

// still is the status page of this moment, to be saved or sent.
func still(c *call) (status int, document any) { return statusPage(c, false) }

func statusPage(c *call, live bool) (status int, document any) {
	var b bytes.Buffer
	if err := page.Write(&b, c.explorer.Snapshot(), c.options, live); err != nil {
		return fail(problemf(http.StatusInternalServerError, "the page cannot be written: %s", err))
	}
	return found(webPage{page.Policy(), b.Bytes()})
}
