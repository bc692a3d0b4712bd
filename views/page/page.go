// Package page writes the status page: what a Snapshot says of the node and the hashes, as one HTML document that loads
// nothing from anywhere. It is pure, as all views: a Snapshot in, bytes out, no clock.
//
// The document is complete without its script. The script replaces the contents of the sections, which are the parts of
// the page, by those that come over an event stream.
package page

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/json"
	"html/template"
	"io"

	"dhtop/dhtcore"
	"dhtop/views/report"
)

var (
	//go:embed page.html parts.html tracker.html
	markup embed.FS
	//go:embed page.css
	style string
	//go:embed page.js
	script string
)

// Stream is the path of the event stream that a live page follows. Its events named "parts" carry Parts.
const Stream = "/live"

var pages = template.Must(template.ParseFS(markup, "page.html", "parts.html", "tracker.html"))

// parts are the names of the templates of the sections, each the id of its section.
var parts = []string{"health", "hashes", "news", "traffic", "table", "lookups", "crawl", "tracker", "events"}

// document is what the whole page is made of.
type document struct {
	*content
	Live   bool
	Style  template.CSS
	Script template.JS
}

// Write writes the page. A live one follows Stream; another one is a still, to be saved or sent.
func Write(w io.Writer, s *dhtcore.Snapshot, o report.Options, live bool) error {
	return pages.ExecuteTemplate(w, "page.html", document{newContent(s, o), live, template.CSS(style), template.JS(script)}) //nolint:gosec // files of this package
}

// Parts returns the contents of the sections as a JSON object on one line: HTML by the id of the section.
func Parts(s *dhtcore.Snapshot, o report.Options) ([]byte, error) {
	c := newContent(s, o)
	sections := make(map[string]string, len(parts))
	for _, name := range parts {
		var b bytes.Buffer
		if err := pages.ExecuteTemplate(&b, name, c); err != nil {
			return nil, err
		}
		sections[name] = b.String()
	}
	return json.Marshal(sections)
}

// Policy is the Content-Security-Policy of the page: its own style and script, its own event stream, and nothing else.
func Policy() string {
	return "default-src 'none'; style-src " + source(style) + "; script-src " + source(script) +
		"; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}

// source is the expression that allows an inline text (CSP Level 3, section 2.3.1).
func source(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}
