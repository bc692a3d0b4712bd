package api

import (
	"errors"
	"fmt"
	"maps"
	"net/http"

	"dhtop/views/report"
)

// problem is the document of an error (RFC 9457), and an error itself.
type problem struct {
	Type      string `json:"type"`  // always about:blank: the status says what kind of error it is
	Title     string `json:"title"` // of the status
	Status    int    `json:"status"`
	Detail    string `json:"detail"`              // what is wrong, and what to do
	Parameter string `json:"parameter,omitempty"` // of the query, the path or the body, where one is wrong

	header http.Header // of the answer; nil for nothing more
}

// Error implements error.
func (p *problem) Error() string { return p.Detail }

// problemf returns a problem with its sentence.
func problemf(status int, format string, args ...any) *problem {
	return &problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: fmt.Sprintf(format, args...)}
}

// badParam returns the problem of a parameter that is wrong.
func badParam(name, format string, args ...any) *problem {
	p := problemf(http.StatusBadRequest, format, args...)
	p.Parameter = name
	return p
}

// with adds a header to the answer.
func (p *problem) with(name, value string) *problem {
	if p.header == nil {
		p.header = http.Header{}
	}
	p.header.Set(name, value)
	return p
}

// asProblem returns an error as a problem: any other error means a bad request.
func asProblem(err error) *problem {
	if p, ok := errors.AsType[*problem](err); ok {
		return p
	}
	return problemf(http.StatusBadRequest, "%s", err)
}

// write answers with the problem.
func (p *problem) write(w http.ResponseWriter) {
	h := w.Header()
	documentHeaders(h, "application/problem+json")
	maps.Copy(h, p.header)
	w.WriteHeader(p.Status)
	report.WriteJSON(w, p) //nolint:errcheck // the client may have gone
}
