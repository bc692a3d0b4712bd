package api

import (
	"net/http"

	"dhtop/views/report"
)

// write answers with a document.
func write(w http.ResponseWriter, status int, document any) {
	if p, ok := document.(*problem); ok {
		p.write(w)
		return
	}
	writeJSON(w, status, "application/json", document)
}

func writeJSON(w http.ResponseWriter, status int, media string, document any) {
	h := w.Header()
	h.Set("Content-Type", media)
	h.Set("Cache-Control", "no-store") // it describes this moment
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	report.WriteJSON(w, document) //nolint:errcheck // the client may have gone
}
