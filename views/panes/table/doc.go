// Package table is pane 3: the routing table as buckets and as nodes, and the detail of the selected node.
package table
