// Command ukemi-web is the engine as a program for a page: compiled for GOOS=js GOARCH=wasm it simulates in a worker of
// the browser what the page asks for. `ukemi web` builds it and writes the page around it.
//
// It answers the page as the server of package live does, by messages instead of a websocket.
package main
