package api

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// described is the OpenAPI document, read by a library that knows nothing of the table.
var described = sync.OnceValues(func() (*openapi3.T, error) {
	b, err := json.Marshal(openAPIDocument(routes()))
	if err != nil {
		return nil, err
	}
	return openapi3.NewLoader().LoadFromData(b)
})

func TestEveryRouteIsInTheOpenAPIDocumentWhichIsValid(t *testing.T) {
	doc, err := described()
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context()); err != nil {
		t.Error(err)
	}
	ids, operations := map[string]bool{}, 0
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			operations++
			if op.OperationID == "" || ids[op.OperationID] || op.Summary == "" {
				t.Errorf("%s %s is named %q, as another is, or does not say what it is for", method, path, op.OperationID)
			}
			ids[op.OperationID] = true
			for _, p := range op.Parameters {
				if p.Value.Description == "" {
					t.Errorf("%s %s: %s is not described", method, path, p.Value.Name)
				}
			}
		}
	}
	for name, of := range doc.Components.Schemas {
		for member := range of.Value.Properties {
			if member != strings.ToLower(member) || strings.ContainsAny(member, "- ") {
				t.Errorf("%s.%s is not in snake case", name, member)
			}
		}
	}
	for _, r := range routes() {
		if op := doc.Paths.Value(r.path).GetOperation(r.method); op == nil || (op.RequestBody == nil) != (r.takes == nil) {
			t.Errorf("%s %s is not there, or not with what it takes", r.method, r.path)
		}
		if r.returns == nil && r.media == "" {
			t.Errorf("%s %s does not say what it returns", r.method, r.path)
		}
	}
	if operations != len(routes()) {
		t.Errorf("%d operations; want %d", operations, len(routes()))
	}
}

// conforms checks that an answer is what the OpenAPI document says.
func conforms(t *testing.T, response *http.Response, body []byte) {
	t.Helper()
	doc, err := described()
	if err != nil {
		t.Fatal(err)
	}
	asked := response.Request
	described := operationOf(doc, asked.Method, asked.URL.EscapedPath())
	if described == nil {
		return // there is no such path
	}
	answer := described.Responses.Status(response.StatusCode)
	if answer == nil {
		answer = described.Responses.Default()
	}
	media, _, _ := strings.Cut(response.Header.Get("Content-Type"), ";")
	content := answer.Value.Content[media]
	if content == nil {
		t.Errorf("%s %s: %s with %s is not described", asked.Method, asked.URL, response.Status, media)
		return
	}
	var document any
	if err := json.Unmarshal(body, &document); err != nil {
		t.Fatal(err)
	}
	if err := content.Schema.Value.VisitJSON(document, openapi3.EnableJSONSchema2020()); err != nil {
		t.Errorf("%s %s: %s: %v", asked.Method, asked.URL, response.Status, err)
	}
}

// operationOf returns the operation at a path, nil for none. One without parameters goes first.
func operationOf(doc *openapi3.T, method, path string) *openapi3.Operation {
	if path == "" {
		path = "/"
	}
	if item := doc.Paths.Value(path); item != nil {
		return item.GetOperation(method)
	}
	parts := strings.Split(path, "/")
	for pattern, item := range doc.Paths.Map() {
		names := strings.Split(pattern, "/")
		same := len(names) == len(parts)
		for i := range names {
			same = same && (names[i] == parts[i] || strings.HasPrefix(names[i], "{"))
		}
		if same {
			return item.GetOperation(method)
		}
	}
	return nil
}
