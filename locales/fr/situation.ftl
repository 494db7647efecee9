# Où en est une personne : une phrase en titre, une phrase qui dit pourquoi, une chose à faire. La page de
# suivi, le reçu, les courriers et la page de l'agent disent ces mêmes phrases. Les valeurs viennent de
# src/flow/told/words.rs.

## Demande terminée

situation-served-headline = Votre demande est terminée
situation-served-why = Vous êtes venu ou venue au rendez-vous.
situation-withdrawn-headline = Votre demande est retirée
situation-withdrawn-why = Elle n'est plus dans la file depuis le { $ended }.
situation-closed-identity-headline = Votre demande est fermée
situation-closed-identity-why = Votre identité n'a pas pu être vérifiée.
situation-closed-missed-headline = Votre demande est fermée
situation-closed-missed-why = Vous n'êtes pas venu ou venue au rendez-vous.
situation-closed-late-cancel-headline = Votre demande est fermée
situation-closed-late-cancel-why = Vous avez rendu le rendez-vous trop tard.
situation-closed-duplicate-headline = Cette demande est fermée, l'autre continue
situation-closed-duplicate-why = Vous aviez deux demandes pour la même démarche.
situation-closed-headline = Votre demande est fermée
situation-closed-why = La préfecture peut vous dire pourquoi.

## Rendez-vous

situation-appointment-headline = Vous avez un rendez-vous
situation-appointment-why = Il est { $at }, { $site }.
situation-appointment-today-headline = Vous avez un rendez-vous aujourd'hui
situation-appointment-today-why = Il est { $at }, { $site }.
situation-appointment-over-headline = L'heure de votre rendez-vous est passée
situation-appointment-over-why = Il était { $at }. La préfecture n'a pas encore noté si vous y étiez.
situation-received-headline = Vous avez été reçu ou reçue
situation-received-why = La préfecture l'a noté. Ce sera définitif { $settles }.
situation-noted-absent-headline = La préfecture a noté que vous n'étiez pas au rendez-vous
situation-noted-absent-why = Il était { $at }. Jusqu'à { $settles }, cela peut être corrigé, et rien n'est perdu.
situation-noted-incomplete-headline = La préfecture a noté que votre dossier n'était pas complet
situation-noted-incomplete-why = Il manquait : « { $missing } ». Jusqu'à { $settles }, cela peut être corrigé. Vous ne perdez rien.
situation-noted-wrong-counter-headline = Vous êtes venu ou venue au mauvais guichet
situation-noted-wrong-counter-why = La préfecture l'a noté. Jusqu'à { $settles }, cela peut être corrigé. Ensuite, votre demande attend de nouveau, avec sa date et son ancienneté. Vous ne perdez rien.
situation-noted-not-the-person-headline = La préfecture a noté que ce n'est pas vous qui êtes venu ou venue
situation-noted-not-the-person-why = Le rendez-vous était { $at }. Jusqu'à { $settles }, cela peut être corrigé. Ensuite, la demande sera fermée.

## Tirage en cours

situation-in-draw-headline = La liste est fermée et vous y êtes
situation-in-draw-why = Le tirage est prévu { $draw }. Si vous avez une place, vous recevrez une convocation.
situation-in-draw-without-slot-headline = La liste est fermée, mais aucune de ses places ne vous convient
situation-in-draw-without-slot-why = Le tirage prévu { $draw } ne peut pas vous donner de rendez-vous : aucune place n'est aux jours et aux lieux où vous pouvez venir, en comptant le temps qu'il faut pour vous prévenir.

## Ce qui tient hors des tirages

situation-identity-headline = Il reste à vérifier votre identité
situation-identity-why = Votre demande est gardée à sa date, mais elle n'entre dans aucun tirage avant cela. { $term ->
        [letter] Le délai pour la faire vérifier commence quand notre courrier vous est remis, ou cinq jours après son envoi.
       *[runs] Si personne ne l'a vérifiée le { $closes }, la demande sera fermée.
    }
situation-paused-headline = Votre demande est en pause
situation-paused-why = Elle n'entre dans aucune nouvelle liste. Elle garde sa date et son ancienneté.
situation-suspended-headline = Votre demande est hors des tirages jusqu'au { $until }
situation-suspended-why = Un rendez-vous a été manqué ou rendu trop tard, et l'ancienneté est repartie de zéro. Ensuite, la demande revient d'elle-même dans les tirages.

## Ce qui empêche ou menace un rendez-vous

situation-no-slot-fits-headline = Aucun créneau ne correspond à vos disponibilités
situation-no-slot-fits-why = Les créneaux de cette file ne sont jamais aux jours et aux lieux où vous pouvez venir. Aucun tirage ne peut vous donner de rendez-vous.
situation-deadline-passed-headline = Votre échéance est passée
situation-deadline-passed-why = Elle était le { $deadline }. { $convoked ->
        [yes] Votre rendez-vous vient après.
       *[no] Attendre un tirage peut ne pas suffire.
    }
situation-deadline-too-soon-headline = Votre échéance vient avant le rendez-vous
situation-deadline-too-soon-why = Elle est le { $deadline }. { $convoked ->
        [yes] Votre rendez-vous est après cette date.
       *[no] Même le prochain tirage donnerait un rendez-vous après cette date.
    }
situation-penalty-announced-headline = Un rendez-vous manqué ou rendu tard aura une suite { $effect }
situation-penalty-announced-why = D'ici là, rien ne change. La page de votre demande dit pourquoi, et comment contester.
situation-penalty-objected-headline = Votre contestation est en cours d'examen
situation-penalty-objected-why = Rien ne change tant qu'un agent n'a pas décidé.
situation-penalty-upheld-headline = Votre contestation n'a pas été acceptée
situation-penalty-upheld-why = La suite du rendez-vous manqué ou rendu tard prend effet { $effect }.
situation-away-headline = Vous ne pouvez pas venir aux jours du prochain tirage
situation-away-why = Ce tirage ne donne que des rendez-vous proches, et aucun ne tombe quand vous pouvez venir. Les tirages suivants en donneront d'autres.
situation-letters-too-slow-headline = Un courrier arriverait trop tard pour le prochain tirage
situation-letters-too-slow-why = Ses rendez-vous qui vous conviennent viennent avant le { $first }, premier jour possible quand la convocation est un courrier. Avec un téléphone portable ou une adresse électronique, ils vous seraient ouverts.
situation-proof-wanted-headline = Le justificatif de votre échéance reste à montrer
situation-proof-wanted-why = Vous n'entrez dans les places réservées qu'une fois que l'échéance est vue par un agent.
situation-file-incomplete-headline = Il manquait quelque chose à votre dossier
situation-file-incomplete-why = À votre dernier rendez-vous, il manquait : « { $missing } ». Votre demande garde sa date et son ancienneté.
situation-letters-only-headline = Vos convocations sont des courriers
situation-letters-only-why = Aucun SMS ni courriel ne vous parvient : la préfecture remet ses courriers au guichet ou les poste. Un courrier posté compte comme reçu cinq jours après. { $has-first ->
        [yes] Le prochain tirage ne vous donne donc aucun rendez-vous avant le { $first }.
       *[no] Un tirage ne vous donne donc aucun rendez-vous plus proche.
    }
register-due-headline = Nous vérifions encore votre numéro
register-due-why = Le registre des numéros ne répondait pas. Nous l'interrogeons de nouveau. Votre demande garde sa date. Si votre numéro y est, vous n'aurez pas de document à montrer avant le rendez-vous.

situation-identity-meanwhile-headline = Il reste à vérifier votre identité
situation-identity-meanwhile-why = En attendant, votre demande entre dans les tirages. { $term ->
        [letter] Le délai pour la faire vérifier commence quand notre courrier vous est remis, ou cinq jours après son envoi.
       *[runs] Si personne ne l'a vérifiée le { $closes }, elle sera fermée.
    }

## Ce qui vient de se passer

situation-displaced-headline = La préfecture vous a repris un rendez-vous
situation-displaced-why = Elle l'a annulé, ou ne vous l'a pas fait savoir à temps. Vous passez d'abord au prochain tirage où une place vous convient.
situation-taken-back-headline = La préfecture vous a repris un rendez-vous
situation-taken-back-why = Elle l'a annulé, ou ne vous l'a pas fait savoir à temps. Votre demande attend de nouveau, avec sa date d'inscription et son ancienneté.
situation-missed-headline = Vous êtes de nouveau dans la file
situation-missed-why = Vous avez manqué un rendez-vous.
situation-returned-headline = Votre rendez-vous est rendu
situation-returned-why = Votre demande est de nouveau dans la file.
situation-moved-headline = Votre demande a changé de file
situation-moved-why = Elle est maintenant dans la file « { $queue } ». Sa date et son ancienneté restent.

## Dans la file

situation-no-draw-headline = Vous êtes dans la file, mais aucun tirage n'est prévu
situation-no-draw-why = La préfecture n'a pas encore fixé de date.
situation-no-slots-headline = Vous êtes dans la file, mais aucun rendez-vous n'est encore publié
situation-no-slots-why = Un tirage ne peut donner que les rendez-vous que la préfecture publie avant.
situation-unpublished-headline = Vous êtes dans la file, mais aucun créneau publié ne vous convient encore
situation-unpublished-why = D'habitude, il y en a à vos disponibilités. La prochaine liste ferme { $list }.
situation-waiting-headline = Vous êtes dans la file
situation-waiting-why = Des créneaux publiés vous conviennent. Vous serez dans la prochaine liste, qui ferme { $list }.

## La chose à faire

situation-do-nothing = Vous n'avez rien à faire.
situation-do-say-if-not-you = Si ce n'est pas vous qui l'avez retirée, dites-le vite à la préfecture.
situation-do-register-or-object = Inscrivez-vous de nouveau, ou contestez auprès de la préfecture.
situation-do-object = Si vous aviez une bonne raison, dites-le à la préfecture : une personne relira votre dossier. Vous pouvez aussi vous inscrire de nouveau.
situation-do-prepare = Notez la date. Apportez une pièce d'identité et votre référence.
situation-do-come = Venez à l'heure, avec une pièce d'identité et votre référence.
situation-do-say-if-not-received = Si vous n'avez pas été reçu ou reçue, dites-le à la préfecture.
situation-do-say-if-present = Si vous étiez là, dites-le tout de suite à un agent.
situation-do-object-in-time = Si vous aviez une bonne raison, contestez avant cette date.
situation-do-show-identity = Montrez un document d'identité à un agent : passeport, carte consulaire, acte de naissance ou titre de séjour, même expiré. C'est gratuit. Il ne faut ni ordinateur ni rendez-vous.
situation-do-resume = Reprenez votre demande pour entrer dans les tirages.
situation-do-give-reason = Si vous aviez une bonne raison, dites-le à la préfecture.
situation-do-widen-availability = Changez vos disponibilités : ajoutez des jours, des demi-journées ou des lieux.
situation-do-ask-prefecture = Contactez la préfecture sans attendre : un agent peut examiner votre situation.
situation-do-bring-missing = Réunissez ce qui manquait et apportez-le au prochain rendez-vous.
situation-do-show-proof = Montrez ce justificatif à un agent.
situation-do-ask-at-desk = Après chaque tirage, regardez la page de suivi ou demandez vos courriers au guichet.

## Vos chances

chances-title = Vos chances
chances-survived = { $n ->
        [one] 1 tirage sans place compte pour vous.
       *[other] { $n } tirages sans place comptent pour vous.
    }
chances-weight = Votre poids est de { $weight } sur { $most } au plus : chaque tirage sans obtenir de place l'augmente, s'il compte pour vous.
chances-to-guarantee = { $n ->
        [one] Encore 1 tirage sans obtenir de place, et vous passerez avant ceux qui ont attendu moins.
       *[other] Encore { $n } tirages sans obtenir de place, et vous passerez avant ceux qui ont attendu moins.
    }
chances-guaranteed = Vous passez avant ceux qui ont attendu moins.
chances-odds = Au prochain tirage, environ { $odds } de chances, s'il y a autant de places et de demandes que la dernière fois. Ce chiffre ne compte pas les jours où chacun peut venir.
chances-others-first = Au prochain tirage, s'il ressemble au dernier, toutes les places iraient à des personnes qui passent avant.
chances-no-draw = Pas encore de tirage selon ces règles : nous ne pouvons pas encore dire vos chances.
chances-no-seat = Le dernier tirage n'avait aucune place : nous ne pouvons pas dire vos chances.
