<%@ Page Language="C#" %>
<p>Evaluation of the request (see help)</p>
