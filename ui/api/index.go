package api

import "net/http"

// indexDocument is the document of the index.
type indexDocument struct {
	Paths []indexEntry `json:"paths"`
}

// indexEntry is a path in the index.
type indexEntry struct {
	Method string `json:"method"`
	Path   string `json:"path"`
	About  string `json:"about"`
}

// index lists the table of paths.
func index(*call) (status int, document any) {
	var list indexDocument
	for _, r := range routes() {
		list.Paths = append(list.Paths, indexEntry{r.method, r.path, r.about})
	}
	return http.StatusOK, list
}
