/// A reference that goes along with a call of the engine's thread, such as from an executor to itself.
///
/// Sound although unchecked: it is made and opened on the engine's thread alone, for an engine is not Sendable, and whoever
/// has one at hand is on its thread.
package struct EngineBound<Object: AnyObject>: @unchecked Sendable {
    private let object: Object

    package init(_ object: Object) { self.object = object }

    package func open(in engine: Engine) -> Object { object }
}
